#pragma once

#include <optional>
#include <span>

namespace engine::bench {

/// One measured forward.
struct GrowthSample {
    double tokens = 0;
    double positions = 0;  ///< that its tokens attend to, summed over them
    double seconds = 0;
};

/// How the time of a forward grows: per_forward + tokens * per_token + positions * per_position, by least squares.
struct GrowthFit {
    double per_forward = 0;  ///< seconds
    double per_token = 0;
    double per_position = 0;
    double r_squared = 0;  ///< share of the variance that it explains
};

/// nullopt where the samples do not tell the three apart.
std::optional<GrowthFit> fit_growth(std::span<const GrowthSample> samples);

}  // namespace engine::bench
