#include "harness/cli/study_pairs.hpp"

#include <fmt/format.h>

#include <set>

#include "harness/base/usage_error.hpp"
#include "harness/store/study_ratings.hpp"
#include "harness/store/study_store.hpp"
#include "suites/suggestion.hpp"

namespace harness::cli {
namespace {

store::StudyRow resolve_study(const store::Database& database, const std::string& name) {
    const store::StudyStore studies(database);
    if (const auto found = studies.find(name)) return *found;
    std::set<std::string> names;
    for (const store::StudyRow& row : studies.studies()) names.insert(row.name);
    throw base::UsageError(
        fmt::format("--from-study: no study '{}' in this database{}", name, suites::did_you_mean(name, names)));
}

}  // namespace

std::vector<scoring::PreferencePair> study_pairs(const store::Database& database, const std::string& name) {
    const store::StudyRow study = resolve_study(database, name);
    if (study.protocol != "preference")
        throw base::UsageError(
            fmt::format("--from-study: study '{}' has the protocol '{}'; a reward model is trained on "
                        "preferences with a strength (protocol 'preference')",
                        name, study.protocol));
    std::vector<scoring::PreferencePair> pairs;
    for (const store::PreferenceRating& rating : store::preference_ratings(database, study)) {
        const auto pair = scoring::preference_pair({.where = fmt::format("study {}, item {}", name, rating.item),
                                                    .turns_json = rating.turns_json,
                                                    .chosen = rating.chosen,
                                                    .rejected = rating.rejected,
                                                    .strength = rating.strength,
                                                    .bin = rating.bin});
        if (pair) pairs.push_back(*pair);
    }
    if (pairs.empty()) throw base::UsageError(fmt::format("--from-study: study '{}' has no ratings yet", name));
    return pairs;
}

}  // namespace harness::cli
