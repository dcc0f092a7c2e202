#pragma once

#include "reports/gate/evidence.hpp"

namespace reports::gate {

/// Makes differences of weighted values, or of logarithms, ready for a test of their mean: nothing for others.
///
/// A perplexity is exp(R), R = sum of w v / sum of w, with v the mean log-likelihood of a document's words (or bytes)
/// and w their number. Both runs read the same documents, so R's difference is D = sum of w d / sum of w with d = v_new
/// - v_old, and the delta method for such a ratio (Cochran 1977, "Sampling Techniques", section 2.11, paired by
/// document) is the usual error of the mean of D + n w (d - D) / sum of w: these become the differences. The two
/// perplexities' ratio is exp(D), so margins are taken to logarithms by Evidence::scale.
void linearise(Evidence& evidence);

}  // namespace reports::gate
