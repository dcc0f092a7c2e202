#pragma once

#include "reports/gate/evidence.hpp"

namespace reports::gate {

/// What people say of both runs' answers. Every prompt is one value (see prompt_values), since its answers and raters
/// are not independent.
///
/// Pairs: the win rate, with half of the ties, against 1/2. A prompt counts as 1, 0 or -1, so the test is the exact
/// sign test, or with a margin Tango's score test of the same counts; a mean where prompts have several pairs.
/// Single answers: the share of violations, paired by prompt.
///
/// Incomplete: no study has answers of both runs, or items are short of their ratings. Not comparable: an adaptive
/// study, whose ratings stopped where a look at them allowed it. Undecided: raters who agree less than the rule asks.
Evidence ratings_evidence(const GateInputs& inputs, const data::GateRule& rule);

/// The same of what is known before the ratings: prompts without values, taken to be all won or lost, or all without a
/// violation. `incomplete` where the number of prompts is not known.
Evidence planned_ratings(const GateInputs& inputs, const data::GateRule& rule);

}  // namespace reports::gate
