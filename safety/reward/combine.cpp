#include "safety/reward/combine.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace safety::reward {

double combined_reward(double safety, double helpfulness, PromptTag tag) {
    return tag == PromptTag::Safety || safety < kSafetyThreshold ? safety : helpfulness;
}

double limited_logit(double probability) {
    constexpr double kLimit = 1e-6;
    const double p = std::clamp(probability, kLimit, 1 - kLimit);
    return std::log(p / (1 - p));
}

std::vector<double> whiten(std::span<const double> values) {
    std::vector<double> white(values.size());
    if (values.empty()) return white;
    // Without this, the rounding error of the mean would be scaled up to 1.
    if (std::all_of(values.begin(), values.end(), [&](double value) { return value == values[0]; })) return white;
    const auto n = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    double squares = 0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    const double deviation = std::sqrt(squares / n);
    for (std::size_t i = 0; i < values.size(); ++i) white[i] = (values[i] - mean) / deviation;
    return white;
}

std::vector<double> whitened_rewards(std::span<const double> combined) {
    std::vector<double> logits;
    logits.reserve(combined.size());
    for (const double reward : combined) logits.push_back(limited_logit(reward));
    return whiten(logits);
}

}  // namespace safety::reward
