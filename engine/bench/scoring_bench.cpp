#include "engine/bench/scoring_bench.hpp"

#include <algorithm>
#include <chrono>

#include "engine/bench/measure.hpp"
#include "engine/scheduler/scorer.hpp"

namespace engine::bench {
namespace {

using llama::Forward;
using scheduler::Reuse;

// Token counts of a typical MMLU subject with five examples.
constexpr std::uint32_t kExamples = 700;
constexpr std::uint32_t kQuestion = 100;
constexpr std::uint32_t kChoices = 4;
constexpr std::uint32_t kQuestions = 4;
constexpr std::uint32_t kChoicesAlone = 2;  // of one question, since without reuse every choice costs the same
constexpr double kLongEnough = 0.5;         // seconds

/// Requests for questions that already differ in their first token.
std::vector<ScoreRequest> requests(const ScoringRates& rates, std::uint32_t vocab, std::uint32_t count,
                                   std::uint32_t choices) {
    const auto id = [vocab](std::uint32_t n) { return static_cast<TokenId>((n * 7 + 3) % vocab); };
    std::vector<ScoreRequest> result;
    for (std::uint32_t question = 0; question < count; ++question) {
        std::vector<TokenId> context;
        for (std::uint32_t i = 0; i < rates.shared_tokens; ++i) context.push_back(id(i));
        for (std::uint32_t i = 0; i < rates.question_tokens; ++i)
            context.push_back(id(rates.shared_tokens + question + i * 13));
        for (std::uint32_t choice = 0; choice < choices; ++choice) result.push_back({context, {id(choice)}});
    }
    return result;
}

/// Cost of one pass from an empty cache: the mean over as many passes as fill half a second.
struct Pass {
    double seconds = 0;
    double tokens = 0;  // through the network
};
Pass pass(Forward& forward, const std::vector<ScoreRequest>& asked, Reuse reuse) {
    const std::uint64_t before = forward.tokens_computed();
    const auto start = std::chrono::steady_clock::now();
    double passes = 0;
    do {
        scheduler::PrefixCache cache(forward.cache_rows());
        scheduler::score(forward, cache, asked, reuse);
        ++passes;
    } while (seconds_since(start) < kLongEnough);
    return {seconds_since(start) / passes, static_cast<double>(forward.tokens_computed() - before) / passes};
}

}  // namespace

ScoringRates measure_scoring(llama::Forward& forward) {
    const std::uint32_t room = std::min(forward.shape().context, kExamples + kQuestion);
    ScoringRates rates;
    rates.question_tokens = std::max(1U, room / (kExamples / kQuestion + 1));
    rates.shared_tokens = room - rates.question_tokens;
    rates.choices = kChoices;
    rates.questions = kQuestions;
    const std::uint32_t vocab = forward.shape().vocab;
    // Warm-up, since kernels are compiled when first used.
    scheduler::PrefixCache cache(forward.cache_rows());
    const std::vector<TokenId> context(std::min(room, 16U), 1);
    scheduler::score(forward, cache, std::vector<ScoreRequest>{{context, {0}}}, Reuse::SharedPrefixes);

    const Pass shared = pass(forward, requests(rates, vocab, kQuestions, kChoices), Reuse::SharedPrefixes);
    rates.questions_per_second = kQuestions / shared.seconds;
    rates.tokens_per_question = shared.tokens / kQuestions;
    const Pass alone = pass(forward, requests(rates, vocab, 1, kChoicesAlone), Reuse::None);
    constexpr double kPart = static_cast<double>(kChoicesAlone) / kChoices;
    rates.questions_per_second_alone = kPart / alone.seconds;
    rates.tokens_per_question_alone = alone.tokens / kPart;
    return rates;
}

}  // namespace engine::bench
