#pragma once

#include <optional>
#include <span>

namespace engine::bench {

/// One measured forward pass.
struct GrowthSample {
    double tokens = 0;
    double positions = 0;  ///< Positions attended to, summed over the tokens.
    double seconds = 0;
};

/// Time of a forward pass as per_forward + tokens * per_token + positions * per_position, by least squares. [s]
struct GrowthFit {
    double per_forward = 0;
    double per_token = 0;
    double per_position = 0;
    double r_squared = 0;  ///< Share of the variance explained by the fit.
};

/// nullopt when the samples do not determine the three coefficients.
std::optional<GrowthFit> fit_growth(std::span<const GrowthSample> samples);

}  // namespace engine::bench
