#include "reports/statistics/divergence.hpp"

#include <algorithm>
#include <cmath>

#include "reports/statistics/clustered_mean.hpp"
#include "reports/statistics/interval.hpp"

namespace reports::statistics {
namespace {

using data::Estimate;

std::size_t argmax(std::span<const float> logits) {
    return static_cast<std::size_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

/// `sorted` has at least one value.
double quantile_of(const std::vector<double>& sorted, double share) {
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

/// One function of every token.
template <class Value>
ClusteredMean mean_of(std::span<const TokenDivergence> tokens, const std::vector<std::size_t>& window_of,
                      const Value& value) {
    std::vector<double> values;
    values.reserve(tokens.size());
    for (const TokenDivergence& token : tokens) values.push_back(value(token));
    return *clustered_mean(values, window_of);  // there are tokens
}

Estimate plain(const ClusteredMean& mean) {
    return {mean.mean, mean.standard_error, mean.ci95};
}

/// Of values that are never negative.
Estimate not_negative(const ClusteredMean& mean) {
    Estimate estimate = plain(mean);
    if (estimate.ci95) estimate.ci95->low = std::max(0.0, estimate.ci95->low);
    return estimate;
}

Estimate share(const ClusteredMean& mean) {
    Estimate estimate = plain(mean);
    estimate.ci95.reset();
    if (mean.standard_error && *mean.standard_error > 0)
        estimate.ci95 = clustered_share95(mean.mean, *mean.standard_error, mean.clusters, mean.degrees_of_freedom);
    return estimate;
}

Estimate exponential(const ClusteredMean& mean) {
    Estimate estimate = {.value = std::exp(mean.mean)};
    if (mean.standard_error) estimate.standard_error = estimate.value * *mean.standard_error;
    if (mean.ci95) estimate.ci95 = data::Interval{std::exp(mean.ci95->low), std::exp(mean.ci95->high)};
    return estimate;
}

Estimate root(const ClusteredMean& mean) {
    Estimate estimate = {.value = std::sqrt(mean.mean)};
    if (mean.standard_error) estimate.standard_error = mean.mean > 0 ? *mean.standard_error / 2 / estimate.value : 0;
    if (mean.ci95) estimate.ci95 = data::Interval{std::sqrt(std::max(0.0, mean.ci95->low)), std::sqrt(mean.ci95->high)};
    return estimate;
}

double change(const TokenDivergence& token) {
    return std::exp(token.model_logprob) - std::exp(token.reference_logprob);
}

}  // namespace

TokenDivergence token_divergence(std::span<const float> reference, std::span<const float> model, std::size_t token) {
    const std::size_t top_reference = argmax(reference);
    const std::size_t top_model = argmax(model);
    const double reference_top = reference[top_reference];
    const double model_top = model[top_model];
    double reference_sum = 0;
    double model_sum = 0;
    double weighted = 0;  // sum of exp(r - max r) (r - q)
    for (std::size_t id = 0; id < reference.size(); ++id) {
        const double weight = std::exp(double{reference[id]} - reference_top);
        reference_sum += weight;
        model_sum += std::exp(double{model[id]} - model_top);
        weighted += weight * (double{reference[id]} - double{model[id]});
    }
    const double reference_lse = reference_top + std::log(reference_sum);
    const double model_lse = model_top + std::log(model_sum);
    // Rounding may leave a few 1e-16 below 0, which no divergence is.
    return {.kl = std::max(0.0, weighted / reference_sum - (reference_lse - model_lse)),
            .reference_logprob = double{reference[token]} - reference_lse,
            .model_logprob = double{model[token]} - model_lse,
            .same_top = top_reference == top_model};
}

std::optional<data::Divergence> summarise(std::span<const TokenDivergence> tokens,
                                          const std::vector<std::size_t>& window_of) {
    if (tokens.empty()) return std::nullopt;
    const auto mean = [&](const auto& value) { return mean_of(tokens, window_of, value); };
    std::vector<double> sorted;
    sorted.reserve(tokens.size());
    for (const TokenDivergence& token : tokens) sorted.push_back(token.kl);
    std::sort(sorted.begin(), sorted.end());
    return data::Divergence{
        .kl = not_negative(mean([](const TokenDivergence& token) { return token.kl; })),
        .kl_median = quantile_of(sorted, 0.5),
        .kl_p90 = quantile_of(sorted, 0.9),
        .kl_p99 = quantile_of(sorted, 0.99),
        .kl_p999 = quantile_of(sorted, 0.999),
        .kl_max = sorted.back(),
        .same_top = share(mean([](const TokenDivergence& token) { return token.same_top ? 1.0 : 0.0; })),
        .perplexity = exponential(mean([](const TokenDivergence& token) { return -token.model_logprob; })),
        .perplexity_ratio = exponential(
            mean([](const TokenDivergence& token) { return token.reference_logprob - token.model_logprob; })),
        .probability_change = plain(mean(change)),
        .probability_change_rms =
            root(mean([](const TokenDivergence& token) { return change(token) * change(token); }))};
}

}  // namespace reports::statistics
