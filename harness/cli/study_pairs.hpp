#pragma once

#include <string>
#include <vector>

#include "harness/cli/verb.hpp"
#include "harness/scoring/preference_pair.hpp"
#include "harness/store/database.hpp"

namespace harness::cli {

/// The pairs that people rated in a preference study of the database: one for each rating that counts. Pairs of equal
/// answers are left out. Throws UsageError for a study that is not there (it names the nearest), of another protocol,
/// or without ratings.
std::vector<scoring::PreferencePair> study_pairs(const store::Database& database, const std::string& name);

/// Where the pairs of a reward model come from: files, a study of the database, or both.
struct PairSources {
    std::vector<std::string> files;
    std::string study;  ///< empty: none
};

/// Adds --pairs and --from-study.
void pair_source_options(Verb& verb, PairSources& sources);

/// All pairs of the sources. Throws UsageError when there is none, and as read_pairs and study_pairs do.
std::vector<scoring::PreferencePair> pairs_of(const PairSources& sources, const std::string& database);

}  // namespace harness::cli
