#pragma once

#include <string>
#include <vector>

#include "reports/sections/ratings_analysis.hpp"

/// What the ratings of a study mean, in sentences.
namespace reports::sections {

/// "Human ratings: NAME".
std::string ratings_heading(const data::Study& study);

/// What happened and how sure it is: a sentence for each pair of variants, or each variant.
std::vector<std::string> ratings_verdicts(const data::Study& study, const RatingsAnalysis& analysis);

/// What limits the results, most important first: an open study, few prompts, raters who agree little, a preference for
/// one side, results that hang on one rater or on an exclusion, variants that were never compared.
std::vector<std::string> ratings_warnings(const data::Study& study, const RatingsAnalysis& analysis);

/// "better", "worse" or "not decided" for the first variant of a pair: decided if the interval of the win rate leaves
/// out 1/2 and the sign test over prompts has an adjusted p below 0.05.
std::string pair_verdict(const PairResult& result);

/// The coefficient, or why there is none.
std::string agreement_text(const statistics::AgreementResult& result);

}  // namespace reports::sections
