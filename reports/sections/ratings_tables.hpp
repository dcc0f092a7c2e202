#pragma once

#include <vector>

#include "reports/sections/ratings_analysis.hpp"
#include "reports/sections/table.hpp"

/// The tables of a study's ratings. Rows belong to no run. A table has no rows where there is nothing to say.
namespace reports::sections {

/// Win, tie and loss of each pair of variants, or counted values and mean rating of each variant.
Table ratings_result_table(const data::Study& study, const RatingsAnalysis& analysis);
/// The same by category.
Table ratings_category_table(const data::Study& study, const RatingsAnalysis& analysis);
/// Counted values of each variant less those of the first; single answers.
Table ratings_difference_table(const data::Study& study, const RatingsAnalysis& analysis);
/// Strengths of three or more variants, raw and adjusted for length.
Table ratings_strength_table(const data::Study& study, const RatingsAnalysis& analysis);
/// Agreement of the raters, the human ceiling and the preference for a side.
Table ratings_agreement_table(const data::Study& study, const RatingsAnalysis& analysis);
Table ratings_rater_table(const data::Study& study, const RatingsAnalysis& analysis);
/// Without and with the ratings of excluded raters.
Table ratings_exclusion_table(const data::Study& study, const RatingsAnalysis& analysis);
/// Shares by majority beside those of the model of raters; two variants or single answers.
Table ratings_model_table(const data::Study& study, const RatingsAnalysis& analysis);

/// All of them in reading order, without empty ones.
std::vector<Table> ratings_tables(const data::Study& study, const RatingsAnalysis& analysis);
/// Those that a terminal shows: results, strengths, agreement.
std::vector<Table> short_ratings_tables(const data::Study& study, const RatingsAnalysis& analysis);

}  // namespace reports::sections
