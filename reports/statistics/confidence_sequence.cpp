#include "reports/statistics/confidence_sequence.hpp"

#include <algorithm>
#include <cmath>

namespace reports::statistics {

SequentialMean sequential_mean(std::span<const double> observations, double level) {
    constexpr double kMaxBet = 0.5;
    const double log_level = std::log(2 / level);
    SequentialMean result{.observations = observations.size()};
    double running_mean = 0.5;
    double squares = 0.25;
    double total = 0;
    double bets = 0;
    double weighted = 0;
    double spread = 0;
    for (std::size_t i = 0; i < observations.size(); ++i) {
        const double x = observations[i];
        const double t = static_cast<double>(i) + 1;
        const double variance = squares / t;
        const double bet = std::min(kMaxBet, std::sqrt(2 * log_level / (variance * t * std::log(1 + t))));
        const double deviation = x - running_mean;
        bets += bet;
        weighted += bet * x;
        spread += deviation * deviation * (-std::log1p(-bet) - bet);
        total += x;
        running_mean = (0.5 + total) / (t + 1);
        squares += (x - running_mean) * (x - running_mean);
        const double half = (log_level + spread) / bets;
        result.interval.low = std::max(result.interval.low, weighted / bets - half);
        result.interval.high = std::min(result.interval.high, weighted / bets + half);
    }
    if (!observations.empty()) result.mean = total / static_cast<double>(observations.size());
    return result;
}

}  // namespace reports::statistics
