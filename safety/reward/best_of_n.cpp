#include "safety/reward/best_of_n.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "safety/reward/error.hpp"

namespace safety::reward {
namespace {

/// weights[i] = C(i, n-1) / C(K, n): the share of subsets whose highest sample has i samples below it.
std::vector<double> best_weights(std::size_t samples, std::size_t n) {
    std::vector<double> weights(samples);
    // From the top down each is the one above times a ratio below 1, so nothing overflows.
    double weight = static_cast<double>(n) / static_cast<double>(samples);
    for (std::size_t i = samples; i-- > n - 1;) {
        weights[i] = weight;
        if (i > 0) weight *= static_cast<double>(i - (n - 1)) / static_cast<double>(i);
    }
    return weights;
}

ClusteredMean mean_with_error(std::span<const double> values) {
    const auto n = static_cast<double>(values.size());
    ClusteredMean result{std::accumulate(values.begin(), values.end(), 0.0) / n, 0};
    if (values.size() < 2) return result;
    double squares = 0;
    for (const double value : values) squares += (value - result.mean) * (value - result.mean);
    result.standard_error = std::sqrt(squares / (n - 1) / n);
    return result;
}

std::size_t min_samples(std::span<const ScoredSamples> prompts) {
    if (prompts.empty()) throw RewardError("best of n: no prompts");
    std::size_t fewest = prompts[0].choose.size();
    for (std::size_t prompt = 0; prompt < prompts.size(); ++prompt) {
        const std::size_t samples = prompts[prompt].choose.size();
        if (samples == 0 || prompts[prompt].measure.size() != samples)
            throw RewardError(
                fmt::format("best of n: prompt {} has {} and {} scores, expected as many of each, at least "
                            "one",
                            prompt, samples, prompts[prompt].measure.size()));
        fewest = std::min(fewest, samples);
    }
    return fewest;
}

}  // namespace

double best_of_n_kl(std::size_t n) {
    const auto count = static_cast<double>(n);
    return std::log(count) - (count - 1) / count;
}

double expected_best(std::span<const double> choose, std::span<const double> measure, std::size_t n) {
    const std::size_t samples = choose.size();
    if (n < 1 || n > samples || measure.size() != samples)
        throw RewardError(
            fmt::format("best of n: n = {} of {} samples with {} measurements", n, samples, measure.size()));
    std::vector<std::size_t> order(samples);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return choose[a] < choose[b]; });
    const std::vector<double> weights = best_weights(samples, n);
    double expected = 0;
    for (std::size_t first = 0, last = 0; first < samples; first = last) {
        double weight = 0;
        double sum = 0;
        for (; last < samples && choose[order[last]] == choose[order[first]]; ++last) {
            weight += weights[last];
            sum += measure[order[last]];
        }
        expected += weight * (sum / static_cast<double>(last - first));
    }
    return expected;
}

std::vector<BestOfN> best_of_n_curve(std::span<const ScoredSamples> prompts) {
    const std::size_t most = min_samples(prompts);
    std::vector<BestOfN> curve;
    for (std::size_t n = 1; n <= most; ++n) {
        std::vector<double> chosen;
        std::vector<double> measured;
        std::vector<double> gap;
        for (const ScoredSamples& prompt : prompts) {
            chosen.push_back(expected_best(prompt.choose, prompt.choose, n));
            measured.push_back(expected_best(prompt.choose, prompt.measure, n));
            gap.push_back(chosen.back() - measured.back());
        }
        curve.push_back({n, best_of_n_kl(n), mean_with_error(chosen), mean_with_error(measured), mean_with_error(gap)});
    }
    return curve;
}

}  // namespace safety::reward
