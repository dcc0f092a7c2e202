#pragma once

namespace reports::gate {

/// How the differences that are tested relate to those in the metric's own unit. Drops and margins are at least 0;
/// differences have the better direction positive.
struct TestScale {
    enum class Kind {
        Same,
        Half,  ///< a win rate: a won prompt is tested as 1 and a lost one as -1, and moves the rate by 1/2
        Log,   ///< a perplexity, of which less is better: its logarithm is tested
    };
    Kind kind = Kind::Same;
    double before = 1;  ///< Log: the baseline's value, taken as fixed

    /// A drop or margin of the metric on the tested scale.
    double tested_drop(double drop) const;
    /// A tested drop in the metric's unit.
    double own_drop(double drop) const;
    /// A tested difference in the metric's unit.
    double own_difference(double difference) const;
};

}  // namespace reports::gate
