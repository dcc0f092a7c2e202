#include "reports/statistics/confidence_sequence.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

namespace reports::statistics {
namespace {

constexpr double kMaxLoss = 0.75;   // share of the capital that a bet may lose
constexpr double kEagerness = 1.3;  // of bets, compared with what suits a decision at the end of the plan

/// Who wins when the mean is above, or below, what was bet on.
enum class Side { Above, Below };

double log_limit(const SequentialPlan& plan) {
    return std::log(2 / plan.level);  // half of the capital is bet each way
}

/// [t]: the bet on observation t, from those before.
std::vector<double> bets_on(std::span<const double> observations, const SequentialPlan& plan) {
    const auto planned = static_cast<double>(std::max<std::size_t>(1, plan.observations));
    std::vector<double> bets;
    bets.reserve(observations.size());
    double total = 0.5;
    double squares = 0.25;
    for (std::size_t t = 0; t < observations.size(); ++t) {
        const double variance = squares / static_cast<double>(t + 1);
        bets.push_back(kEagerness * std::sqrt(2 * log_limit(plan) / (variance * planned)));
        total += observations[t];
        squares += std::pow(observations[t] - total / static_cast<double>(t + 2), 2);
    }
    return bets;
}

double gain(double bet, double observation, double mean, Side side) {
    if (side == Side::Above) return 1 + std::min(bet, kMaxLoss / mean) * (observation - mean);
    return 1 - std::min(bet, kMaxLoss / (1 - mean)) * (observation - mean);
}

/// The logarithm of the capital after all observations. A logarithm now and then is enough.
double log_capital(std::span<const double> observations, std::span<const double> bets, double mean, Side side) {
    constexpr double kSmall = 1e-100;
    constexpr double kLarge = 1e100;
    double log = 0;
    double product = 1;
    for (std::size_t t = 0; t < observations.size(); ++t) {
        product *= gain(bets[t], observations[t], mean, side);
        if (product > kSmall && product < kLarge) continue;
        log += std::log(product);
        product = 1;
    }
    return log + std::log(product);
}

/// The mean at which the capital just reaches the limit: it is monotone in the mean. `sure` is the end of the interval
/// where nothing is left out.
double bound(std::span<const double> observations, std::span<const double> bets, double limit, Side side) {
    const double sure = side == Side::Above ? 0 : 1;
    double out = sure;
    double in = 1 - sure;
    constexpr int kHalvings = 30;
    for (int i = 0; i < kHalvings; ++i) {
        const double middle = std::midpoint(out, in);
        (log_capital(observations, bets, middle, side) >= limit ? out : in) = middle;
    }
    return out;
}

data::Interval interval_of(std::span<const double> observations, std::span<const double> bets, double limit) {
    return {bound(observations, bets, limit, Side::Above), bound(observations, bets, limit, Side::Below)};
}

/// How many observations it took to leave the question out.
std::optional<std::size_t> decided_after(std::span<const double> observations, std::span<const double> bets,
                                         const SequentialPlan& plan) {
    const double limit = std::exp(log_limit(plan));
    double above = 1;
    double below = 1;
    for (std::size_t t = 0; t < observations.size(); ++t) {
        above *= gain(bets[t], observations[t], plan.question, Side::Above);
        below *= gain(bets[t], observations[t], plan.question, Side::Below);
        if (above >= limit || below >= limit) return t + 1;
    }
    return std::nullopt;
}

}  // namespace

SequentialMean sequential_mean(std::span<const double> observations, const SequentialPlan& plan) {
    SequentialMean result{.observations = observations.size()};
    if (observations.empty()) return result;
    result.mean =
        std::accumulate(observations.begin(), observations.end(), 0.0) / static_cast<double>(observations.size());
    const std::vector<double> bets = bets_on(observations, plan);
    result.interval = interval_of(observations, bets, log_limit(plan));
    if (const auto decided = decided_after(observations, bets, plan)) {
        const data::Interval then = interval_of(observations.first(*decided), bets, log_limit(plan));
        const data::Interval both{std::max(result.interval.low, then.low), std::min(result.interval.high, then.high)};
        // Observations that contradict themselves, which those with one mean hardly ever do.
        result.interval = both.low <= both.high ? both : then;
    }
    return result;
}

}  // namespace reports::statistics
