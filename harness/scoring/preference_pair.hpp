#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safety/reward/pair.hpp"
#include "suites/request.hpp"

namespace harness::scoring {

/// Two answers to one prompt, of which a person preferred one.
struct PreferencePair {
    std::string where = {};              ///< "FILE: row N", for messages
    std::vector<suites::Message> turns;  ///< the conversation that was answered; its last turn is the user's
    std::string chosen;
    std::string rejected;
    safety::reward::Strength strength = safety::reward::Strength::Unknown;
    safety::reward::SafetyBin bin = safety::reward::SafetyBin::Unknown;
};

/// The words in files and reports: "significantly", "chosen_safe"; "unknown" for the last of each.
std::string_view name_of(safety::reward::Strength strength);
std::string_view name_of(safety::reward::SafetyBin bin);

/// A preference that a rater of a study gave, in the words of the store.
struct RatedPair {
    std::string where = {};  ///< "study NAME, item 3, rater 1", for messages
    std::string turns_json;  ///< list of {"role", "content"}; the last is the user's
    std::string chosen;
    std::string rejected;
    std::string strength = "unknown";
    std::string bin = "unknown";
};

/// Throws UsageError that names `where` for words and turns that are none. Pairs whose answers are equal are nullopt:
/// they teach nothing.
std::optional<PreferencePair> preference_pair(const RatedPair& rated);

}  // namespace harness::scoring
