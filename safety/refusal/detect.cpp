#include <algorithm>
#include <map>

#include "safety/refusal/features.hpp"
#include "safety/refusal/folded.hpp"
#include "safety/refusal/refusal.hpp"

namespace safety::refusal {
namespace {

constexpr std::size_t kMaxBytes = 65536;

/// One word, or one character, over and over: what a model does when generation has broken down.
bool is_one_word(std::string_view text) {
    constexpr std::size_t kMinRepeats = 20;
    std::map<std::string_view, std::size_t> counts;
    std::size_t words = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find_first_of(" \n", begin), text.size());
        if (end > begin) {
            ++counts[text.substr(begin, end - begin)];
            ++words;
        }
        begin = end + 1;
    }
    std::size_t most = 0;
    for (const auto& [word, count] : counts) most = std::max(most, count);
    if (words >= kMinRepeats && most * 10 >= words * 9) return true;
    const bool is_one_character = text.find_first_not_of(text.substr(0, 1)) == std::string_view::npos;
    return words == 1 && text.size() >= kMinRepeats && is_one_character;
}

/// Why a folded text is no answer; empty if it may be one.
std::string_view no_answer_reason(const Folded& folded) {
    if (folded.visible == 0) return "empty";
    if (folded.letters == 0) return "no letters or digits";
    if (folded.invalid * 3 > folded.visible) return "mostly bytes that are not UTF-8";
    constexpr std::size_t kLong = 20;  // a short "50 %" or "-> x" can be an answer
    if (folded.visible > kLong && folded.letters * 5 < folded.visible) return "mostly symbols";
    if (is_one_word(folded.text)) return "one word or character repeated";
    return {};
}

}  // namespace

Finding detect(std::string_view answer) {
    answer = answer.substr(0, kMaxBytes);
    const Folded folded = fold(answer);
    const std::string_view no_answer = no_answer_reason(folded);
    if (!no_answer.empty()) return {.refusal = Refusal::NoAnswer, .reason = std::string(no_answer)};
    const Features features = features_of(folded);
    const Decision decision = decide(features);
    Finding finding{.refusal = decision.refusal, .reason = std::string(decision.reason)};
    if (decision.evidence != nullptr) {
        const std::size_t begin = folded.origins[decision.evidence->begin];
        const std::size_t end = folded.origins[decision.evidence->end];
        finding.phrase = answer.substr(begin, end - begin);
        finding.offset = begin;
        finding.language = decision.evidence->language;
    }
    return finding;
}

}  // namespace safety::refusal
