#pragma once

#include <set>
#include <string>
#include <vector>

#include "harness/store/database.hpp"
#include "harness/store/rows.hpp"
#include "harness/store/study_rows.hpp"
#include "reports/data/ratings.hpp"

namespace harness::results {

/// A study with its ratings as reports take it. Raters are "rater 1", "rater 2", ... in the order of their invitation:
/// the lead's notes on them stay in the database. Practice items are left out. Variants are told apart by their run and
/// their name. `items` are those of the study. Throws store::StoreError.
reports::data::Study rated_study(const store::Database& database, const store::StudyRow& study,
                                 const std::vector<store::StudyItemRow>& items);

/// The studies with answers of runs of these plans, rated or not, sorted by name.
std::vector<reports::data::Study> studies_of_plans(const store::Database& database, const std::set<std::string>& plans);

/// The studies with ratings of answers of these runs, sorted by name.
std::vector<reports::data::Study> rated_studies(const store::Database& database,
                                                const std::vector<store::RunRow>& runs);

}  // namespace harness::results
