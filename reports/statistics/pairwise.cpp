#include "reports/statistics/pairwise.hpp"

#include <functional>
#include <set>
#include <vector>

#include "reports/statistics/interval.hpp"
#include "reports/statistics/paired.hpp"

namespace reports::statistics {
namespace {

enum class Verdict { A, Tie, B };

Verdict verdict_of(double preference) {
    constexpr double kFromA = 0.75;
    constexpr double kToB = 0.25;
    if (preference >= kFromA) return Verdict::A;
    return preference <= kToB ? Verdict::B : Verdict::Tie;
}

Verdict outcome_of(const JudgedPair& pair) {
    const Verdict first = verdict_of(pair.a_first);
    return first == verdict_of(pair.b_first) ? first : Verdict::Tie;
}

/// The mean of a value of each pair.
BootstrapMean mean_of(std::span<const JudgedPair> pairs, const std::vector<std::size_t>& prompts,
                      const std::function<double(const JudgedPair&)>& value) {
    std::vector<double> values;
    for (const JudgedPair& pair : pairs) values.push_back(value(pair));
    return bootstrap_mean(values, prompts);
}

}  // namespace

PairwiseSummary pairwise_summary(std::span<const JudgedPair> pairs) {
    PairwiseSummary summary;
    summary.pairs = pairs.size();
    std::vector<std::size_t> prompts;
    for (const JudgedPair& pair : pairs) {
        prompts.push_back(pair.prompt);
        const Verdict outcome = outcome_of(pair);
        ++(outcome == Verdict::A ? summary.wins : outcome == Verdict::B ? summary.losses : summary.ties);
    }
    summary.prompts = std::set(prompts.begin(), prompts.end()).size();
    // A share of 0 or 1 has no bootstrap interval; Wilson's for as many prompts does not claim too much.
    const auto with_interval = [&summary](BootstrapMean share) {
        if (!share.ci95) share.ci95 = wilson95(share.value, static_cast<double>(summary.prompts));
        return share;
    };
    const auto share_of = [&](Verdict outcome) {
        return mean_of(pairs, prompts,
                       [outcome](const JudgedPair& pair) { return outcome_of(pair) == outcome ? 1 : 0; });
    };
    summary.win = with_interval(share_of(Verdict::A));
    summary.tie = with_interval(share_of(Verdict::Tie));
    summary.loss = with_interval(share_of(Verdict::B));
    summary.score = mean_of(pairs, prompts, [](const JudgedPair& pair) {
        const Verdict outcome = outcome_of(pair);
        return outcome == Verdict::A ? 1 : outcome == Verdict::Tie ? 0.5 : 0;
    });
    summary.preference =
        mean_of(pairs, prompts, [](const JudgedPair& pair) { return (pair.a_first + pair.b_first) / 2; });
    summary.first =
        mean_of(pairs, prompts, [](const JudgedPair& pair) { return (pair.a_first + 1 - pair.b_first) / 2; });
    summary.consistent = with_interval(mean_of(pairs, prompts, [](const JudgedPair& pair) {
        return verdict_of(pair.a_first) == verdict_of(pair.b_first) ? 1 : 0;
    }));
    if (summary.prompts == summary.pairs) summary.sign_p = mcnemar_exact(summary.wins, summary.losses);
    return summary;
}

}  // namespace reports::statistics
