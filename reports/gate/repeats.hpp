#pragma once

#include <cstddef>

#include "reports/gate/evidence.hpp"

namespace reports::gate {

/// How many repeats of the run's answers drop: a rule's `min_pass_share`.
///
/// A repeat is one more answer to every item, or one more run of the same plan with another seed. Each is tested alone
/// against the baseline as the rule says. The gate fails where it is proven that so many repeats drop by more than the
/// margin that fewer than the share pass, and it excludes that where it is proven that at least the share do not (see
/// statistics::at_least_true). So a repeat that is lower by chance fails no gate.
///
/// A value of the evidence is a repeat: `before` is the baseline's mean and `after` the repeat's.
Evidence repeats_evidence(const GateInputs& inputs, const data::GateRule& rule);

/// The tests of all repeats as one.
statistics::MarginTest repeats_test(const Evidence& evidence, const data::GateRule& rule);

/// How many of `repeats` have to pass.
std::size_t wanted_passes(double share, std::size_t repeats);

}  // namespace reports::gate
