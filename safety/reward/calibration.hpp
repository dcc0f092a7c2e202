#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace safety::reward {

/// The temperature T > 0 that minimises the mean of -log sigmoid(difference / T), where each difference is the score of
/// a pair's chosen answer minus that of its rejected one (Guo et al. 2017, arXiv 1706.04599, section 4.2). The inverse
/// temperature is searched from 1e-3 to 1e3 times the inverse root mean square of the differences; scores that always
/// (never) prefer the chosen answer get the lowest (highest) temperature. 1 if there are no differences or all are 0.
double fit_temperature(std::span<const double> differences);

/// A forecast and what happened.
struct Forecast {
    double probability = 0.5;  ///< that the outcome is 1
    int outcome = 0;           ///< 0 or 1
};

/// The forecasts sigmoid(difference) that the chosen answer is preferred, each with outcome 1.
std::vector<Forecast> preference_forecasts(std::span<const double> differences);

/// Forecasts whose confidence lies in one bin. The confidence is max(p, 1 - p), of the side that is predicted.
struct ReliabilityBin {
    double low = 0;  ///< the bin is [low, high), the last one [low, high]
    double high = 0;
    std::size_t count = 0;
    double predicted = 0;  ///< mean confidence; 0 for an empty bin
    double observed = 0;   ///< share of correct predictions, where p = 0.5 counts as half; 0 for an empty bin
};

inline constexpr std::size_t kReliabilityBins = 15;

/// 15 bins of equal width from confidence 0.5 to 1.
std::vector<ReliabilityBin> reliability(std::span<const Forecast> forecasts);

/// Expected calibration error: the mean of |observed - predicted| over the bins, weighted by count (Guo et al. 2017,
/// equation 3, with bins over the confidences that a choice of two can have). 0 without forecasts.
double calibration_error(std::span<const ReliabilityBin> bins);

/// Mean of (probability - outcome)^2 (Brier 1950). 0 without forecasts.
double brier(std::span<const Forecast> forecasts);

/// Mean of -log of the probability given to the outcome, for preferences: mean softplus(-difference). 0 without
/// differences.
double preference_log_loss(std::span<const double> differences);

}  // namespace safety::reward
