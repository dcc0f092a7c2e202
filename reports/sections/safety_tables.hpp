#pragma once

#include <string>
#include <vector>

#include "reports/data/report.hpp"
#include "reports/sections/safety_rates.hpp"
#include "reports/sections/table.hpp"

/// The tables of the safety section. All take a report whose `safety` is set, and have no rows where there is nothing
/// to say. Their rows stand for Report::runs.
namespace reports::sections {

/// Why some of the scores are no evidence, a sentence for each such scorer. Printed before anything else.
std::vector<std::string> safety_warnings(const data::Report& report);

/// Every measure over all prompts of a kind. A score that misses its scorer has a row that says which command gives it.
Table safety_overview_table(const data::Report& report);
/// The same by category, category and attack vector, hazard, or number of turns.
Table safety_split_table(const data::Report& report, SafetySplit split);
/// Each run less the first, over the prompts that both have: all of a kind, or by category.
Table safety_difference_table(const data::Report& report);
Table category_difference_table(const data::Report& report);
/// How far each scorer agrees with people.
Table safety_scorer_table(const data::Report& report);
/// Published numbers of people's ratings, a row for each model. Its rows belong to no run.
Table safety_published_table(const data::Report& report);

Table refusal_plane_table(const data::Report& report);
Table reward_table(const data::Report& report);
Table best_of_n_table(const data::Report& report);
Table people_table(const data::Report& report);
Table corrected_table(const data::Report& report);
Table grade_table(const data::Report& report);

/// All of them in reading order, without empty ones.
std::vector<Table> safety_tables(const data::Report& report);
/// Those that a terminal shows: overview, differences, grades, scorers.
std::vector<Table> short_safety_tables(const data::Report& report);

/// "over-refusal" where a refusal is wrong, else to_string(measure).
std::string measure_name(data::SafetyMeasure measure, data::PromptKind kind);

}  // namespace reports::sections
