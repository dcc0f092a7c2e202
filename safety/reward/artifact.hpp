#pragma once

#include <nlohmann/json_fwd.hpp>

#include "safety/reward/head.hpp"

namespace safety::reward {

/// A head as JSON, for files that other machines import:
///
///   {"format": "bellwether reward head", "version": 1, "dim": 2,
///    "settings": {"standardise": true, "margins": "small", "l2": 0.01, "auxiliary": 0.1},
///    "weights": [0.5, -1.25], "bias": 0.1, "mean": [0, 3.5], "scale": [1, 2], "temperature": 0.8,
///    "training": {"pairs": 1800, "validation_pairs": 460, "validation_loss": 0.61, "stop": "converged",
///                 "curve": [[0.693, 0.21], [0.65, 0.02]]}}
///
/// "curve" has the loss and the norm of its gradient. margins: "none", "small", "large"; stop: "converged",
/// "max_iterations", "no_progress". Keys are in this order, and numbers are decimals that give the same f64 when they
/// are read, so one head always has the same text. Throws RewardError if a number is not finite.
nlohmann::ordered_json head_to_json(const Head& head);

/// The head that `head_to_json` wrote, bit by bit. Throws RewardError that names the field if one is missing, unknown,
/// or has a value that no head has.
Head head_from_json(const nlohmann::ordered_json& json);

}  // namespace safety::reward
