#pragma once

#include <string>
#include <vector>

#include "harness/scoring/preference_pair.hpp"
#include "harness/store/database.hpp"

namespace harness::cli {

/// The pairs that people rated in a preference study of the database: one for each rating that counts. Pairs of equal
/// answers are left out. Throws UsageError for a study that is not there (it names the nearest), of another protocol,
/// or without ratings.
std::vector<scoring::PreferencePair> study_pairs(const store::Database& database, const std::string& name);

}  // namespace harness::cli
