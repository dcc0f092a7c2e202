#include "reports/statistics/betting_sequence.hpp"

#include <algorithm>
#include <cmath>

namespace reports::statistics {
namespace {

// Share of the capital that a bet may lose at most.
constexpr double kMaxLoss = 0.5;

}  // namespace

BettingSequence::BettingSequence(double level, std::size_t steps)
    : level_(level), above_(steps + 1, 0.0), below_(steps + 1, 0.0) {}

double BettingSequence::bet() const {
    const double t = static_cast<double>(values_) + 1;
    const double variance = squares_ / t;
    return std::sqrt(2 * std::log(2 / level_) / (variance * t * std::log(1 + t)));
}

void BettingSequence::add(double value) {
    const double stake = bet();
    const auto steps = static_cast<double>(above_.size() - 1);
    for (std::size_t step = out_low_; step < above_.size() - out_high_; ++step) {
        const double mean = static_cast<double>(step) / steps;
        // At a mean of 0 or 1 one of the bets has no limit; its neighbour's will do.
        const double up = std::min(stake, kMaxLoss / std::max(mean, 1 / steps));
        const double down = std::min(stake, kMaxLoss / std::max(1 - mean, 1 / steps));
        above_[step] += std::log1p(up * (value - mean));
        below_[step] += std::log1p(-down * (value - mean));
    }
    ++values_;
    sum_ += value;
    const double estimate = (0.5 + sum_) / (static_cast<double>(values_) + 1);
    squares_ += std::pow(value - estimate, 2);
    narrow();
}

void BettingSequence::narrow() {
    // Half of the capital is bet each way.
    const double limit = std::log(2 / level_);
    const std::size_t size = above_.size();
    while (out_low_ + out_high_ < size - 1 && above_[out_low_] >= limit) ++out_low_;
    while (out_low_ + out_high_ < size - 1 && below_[size - 1 - out_high_] >= limit) ++out_high_;
}

data::Interval BettingSequence::interval() const {
    const auto steps = static_cast<double>(above_.size() - 1);
    // The mean lies beyond the last step that is out.
    const double low = out_low_ == 0 ? 0 : (static_cast<double>(out_low_) - 1) / steps;
    const double high = out_high_ == 0 ? 1 : 1 - (static_cast<double>(out_high_) - 1) / steps;
    return {low, high};
}

}  // namespace reports::statistics
