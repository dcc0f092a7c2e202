#include "harness/study/scrub.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>

namespace harness::study {
namespace {

// Assistants of the time of the Llama 2 paper and after, and who made them. Many are words of their own, so they count
// only as they are written as names: a llama is an animal.
constexpr const char* kAssistants =
    R"((?:(?i:code[ -]?llama|llama[ -]?[234](?:\.\d)?|chat[ -]?gpt|gpt[ -]?[2345](?:\.\d)?(?:[ -]?turbo|o)?|meta ai|)"
    R"(open ?assistant|bing chat|palm[ -]?2|deepseek|qwen|mixtral|guanaco)|L[Ll][Aa][Mm][Aa]|LLAMA|Claude(?:[ -]?[\d.]+)?|)"
    R"(Bard|Gemini|PaLM|Vicuna|Alpaca|Falcon|MPT|Mistral|Koala|Dolly|Zephyr|Gemma|Phi(?:[ -]?\d)?|Copilot)(?:[ -]?(?i:chat))?)";
constexpr const char* kMakers =
    R"((?:Meta(?: AI| Platforms)?|Facebook(?: AI Research)?|FAIR|(?i:openai|deepmind|mosaicml|eleutherai|deepseek|)"
    R"(hugging ?face|mistral ai|stability ai|databricks|lmsys(?: org)?)|Anthropic|Google(?: DeepMind| Research| AI)?|)"
    R"(Microsoft|TII|(?:the )?Technology Innovation Institute|Alibaba(?: Cloud)?))";

/// A rule: group 1 stays, group 2 is replaced.
struct Rule {
    explicit Rule(const std::string& text, const char* instead) : pattern(text, options()), replacement(instead) {}

    /// Any byte is a character, so that an answer that was cut inside one is read too.
    static RE2::Options options() { return RE2::Options(RE2::Latin1); }

    RE2 pattern;
    const char* replacement;
};

const std::array<Rule, 3>& rules() {
    // Up to five plain words between the introduction and the name: "as a large language model called Llama 2".
    static const std::string kSomeWords = R"((?:[a-z]+ ){0,5}?)";
    static const std::string kApostrophe = R"((?:'|\x92|\xe2\x80\x99))";
    static const std::array<Rule, 3> kRules = {
        Rule("(\\b(?i:(?:as|i am|i" + kApostrophe + "m|im|call me|name is|name" + kApostrophe + "s) " + kSomeWords +
                 "))(" + kAssistants + ")\\b",
             "[assistant]"),
        Rule(R"((\b(?i:(?:assistant|model|ai|bot|chatbot|system),? (?:named|called|known as) )))"
             "(" +
                 std::string(kAssistants) + ")\\b",
             "[assistant]"),
        Rule("((?i:(?:\\b(?:i am|i was|i" + kApostrophe + R"(m|model|assistant|ai|me|[a-z]*bot)|\[assistant\]),? )" +
                 R"((?:(?:that|who|which) (?:was|is) )?)" + kSomeWords +
                 R"((?:trained|created|developed|made|built|designed|released|maintained) by )" +
                 "(?:(?:researchers|engineers|a team|the team|scientists) (?:at|from) )?))(" + kMakers + ")\\b",
             "[maker]"),
    };
    return kRules;
}

Scrubbed replaced(const Rule& rule, std::string_view text) {
    Scrubbed result;
    re2::StringPiece rest(text.data(), text.size());
    re2::StringPiece before;
    re2::StringPiece name;
    std::size_t copied = 0;
    while (RE2::FindAndConsume(&rest, rule.pattern, &before, &name)) {
        const auto start = static_cast<std::size_t>(name.data() - text.data());
        result.text.append(text, copied, start - copied);
        result.text += rule.replacement;
        copied = start + name.size();
        result.changes.push_back({std::string(before) + std::string(name), std::string(before) + rule.replacement});
    }
    result.text.append(text, copied, text.size() - copied);
    return result;
}

}  // namespace

Scrubbed scrub(std::string_view text) {
    Scrubbed all{.text = std::string(text), .changes = {}};
    for (const Rule& rule : rules()) {
        Scrubbed one = replaced(rule, all.text);
        all.text = std::move(one.text);
        all.changes.insert(all.changes.end(), one.changes.begin(), one.changes.end());
    }
    return all;
}

}  // namespace harness::study
