#include "harness/cli/study_pairs.hpp"

#include <fmt/format.h>

#include <set>

#include "harness/base/usage_error.hpp"
#include "harness/cli/reward_models.hpp"
#include "harness/cli/stored_runs.hpp"
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

void pair_source_options(Verb& verb, PairSources& sources) {
    pairs_option(verb, sources.files);
    verb.option("--from-study", "STUDY", text_not_empty(sources.study),
                "Preferences that people rated in this study of the database, with their strength and safety bins")
        .of_its_verb();
}

std::vector<scoring::PreferencePair> pairs_of(const PairSources& sources, const std::string& database) {
    if (sources.files.empty() && sources.study.empty())
        throw base::UsageError("--pairs: name a file of preferences, or a study of this database with --from-study");
    std::vector<scoring::PreferencePair> all = read_pairs(sources.files);
    if (sources.study.empty()) return all;
    for (scoring::PreferencePair& pair : study_pairs(database_to_read(database), sources.study))
        all.push_back(std::move(pair));
    return all;
}

}  // namespace harness::cli
