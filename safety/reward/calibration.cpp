#include "safety/reward/calibration.hpp"

#include <algorithm>
#include <cmath>

#include "safety/reward/loss.hpp"

namespace safety::reward {
namespace {

/// Derivatives of the mean of softplus(-a d) with respect to a.
struct Derivatives {
    double first = 0;
    double second = 0;
};

Derivatives derivatives_at(double a, std::span<const double> differences, double unit) {
    Derivatives sum;
    for (const double difference : differences) {
        const double d = difference / unit;
        const double p = sigmoid(-a * d);
        sum.first -= d * p;
        sum.second += d * d * p * (1 - p);
    }
    return sum;
}

}  // namespace

double fit_temperature(std::span<const double> differences) {
    double squares = 0;
    for (const double d : differences) squares += d * d;
    if (squares == 0) return 1;
    const double unit = std::sqrt(squares / static_cast<double>(differences.size()));
    // The loss is convex in the inverse temperature, so its slope changes sign at most once: Newton's method, replaced
    // by bisection where it leaves the bracket.
    double low = 1e-3;
    double high = 1e3;
    if (derivatives_at(low, differences, unit).first >= 0) return unit / low;
    if (derivatives_at(high, differences, unit).first <= 0) return unit / high;
    double a = 1;
    for (int iteration = 0; iteration < 200 && high - low > 1e-14 * high; ++iteration) {
        const Derivatives slope = derivatives_at(a, differences, unit);
        if (slope.first == 0) break;
        (slope.first < 0 ? low : high) = a;
        const double newton = a - slope.first / slope.second;
        const double next = newton > low && newton < high ? newton : low + (high - low) / 2;
        if (std::abs(next - a) <= 1e-15 * a) break;
        a = next;
    }
    return unit / a;
}

std::vector<Forecast> preference_forecasts(std::span<const double> differences) {
    std::vector<Forecast> forecasts;
    forecasts.reserve(differences.size());
    for (const double difference : differences) forecasts.push_back({sigmoid(difference), 1});
    return forecasts;
}

std::vector<ReliabilityBin> reliability(std::span<const Forecast> forecasts) {
    std::vector<ReliabilityBin> bins(kReliabilityBins);
    constexpr double kWidth = 0.5 / static_cast<double>(kReliabilityBins);
    for (std::size_t bin = 0; bin < bins.size(); ++bin) {
        bins[bin].low = 0.5 + kWidth * static_cast<double>(bin);
        bins[bin].high = bin + 1 == bins.size() ? 1 : 0.5 + kWidth * static_cast<double>(bin + 1);
    }
    for (const Forecast& forecast : forecasts) {
        const double p = forecast.probability;
        const double confidence = std::max(p, 1 - p);
        const auto index = static_cast<std::size_t>((confidence - 0.5) / kWidth);
        ReliabilityBin& bin = bins[std::min(index, bins.size() - 1)];
        ++bin.count;
        bin.predicted += confidence;
        if (p == 0.5) {
            bin.observed += 0.5;
        } else {
            bin.observed += (p > 0.5) == (forecast.outcome == 1) ? 1 : 0;
        }
    }
    for (ReliabilityBin& bin : bins) {
        if (bin.count == 0) continue;
        bin.predicted /= static_cast<double>(bin.count);
        bin.observed /= static_cast<double>(bin.count);
    }
    return bins;
}

double calibration_error(std::span<const ReliabilityBin> bins) {
    double sum = 0;
    double count = 0;
    for (const ReliabilityBin& bin : bins) {
        sum += static_cast<double>(bin.count) * std::abs(bin.observed - bin.predicted);
        count += static_cast<double>(bin.count);
    }
    return count == 0 ? 0 : sum / count;
}

double brier(std::span<const Forecast> forecasts) {
    double sum = 0;
    for (const Forecast& forecast : forecasts) {
        const double miss = forecast.probability - forecast.outcome;
        sum += miss * miss;
    }
    return forecasts.empty() ? 0 : sum / static_cast<double>(forecasts.size());
}

double preference_log_loss(std::span<const double> differences) {
    double sum = 0;
    for (const double difference : differences) sum += softplus(-difference);
    return differences.empty() ? 0 : sum / static_cast<double>(differences.size());
}

}  // namespace safety::reward
