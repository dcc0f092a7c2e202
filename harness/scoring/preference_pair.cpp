#include "harness/scoring/preference_pair.hpp"

#include <fmt/format.h>

#include <initializer_list>
#include <nlohmann/json.hpp>

#include "harness/base/json.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/scoring/conversation.hpp"

namespace harness::scoring {
namespace {

/// The value with this name; calls `fail`, which throws, where there is none.
template <class Value, class Fail>
Value find_named(const std::string& word, std::initializer_list<Value> values, const Fail& fail) {
    for (const Value value : values) {
        if (word == name_of(value)) return value;
    }
    fail();
    return *values.begin();
}

}  // namespace

std::string_view name_of(safety::reward::Strength strength) {
    using safety::reward::Strength;
    switch (strength) {
        case Strength::Significantly: return "significantly";
        case Strength::Better: return "better";
        case Strength::Slightly: return "slightly";
        case Strength::Negligible: return "negligible";
        case Strength::Unknown: break;
    }
    return "unknown";
}

std::string_view name_of(safety::reward::SafetyBin bin) {
    using safety::reward::SafetyBin;
    switch (bin) {
        case SafetyBin::ChosenSafe: return "chosen_safe";
        case SafetyBin::BothSafe: return "both_safe";
        case SafetyBin::BothUnsafe: return "both_unsafe";
        case SafetyBin::ChosenUnsafe: return "chosen_unsafe";
        case SafetyBin::Unknown: break;
    }
    return "unknown";
}

std::optional<PreferencePair> preference_pair(const RatedPair& rated) {
    using safety::reward::SafetyBin;
    using safety::reward::Strength;
    if (rated.chosen == rated.rejected) return std::nullopt;
    PreferencePair pair{.where = rated.where,
                        .turns = turns_from_json(base::json_or_null(rated.turns_json)),
                        .chosen = rated.chosen,
                        .rejected = rated.rejected};
    if (pair.turns.empty())
        throw base::UsageError(rated.where + ": its prompt is no conversation that ends with the user's turn");
    const auto fail = [&](const char* what, const std::string& word) {
        throw base::UsageError(fmt::format("{}: unknown {} '{}'", rated.where, what, word));
    };
    pair.strength = find_named(
        rated.strength,
        {Strength::Significantly, Strength::Better, Strength::Slightly, Strength::Negligible, Strength::Unknown},
        [&] { fail("strength", rated.strength); });
    pair.bin = find_named(rated.bin,
                          {SafetyBin::ChosenSafe, SafetyBin::BothSafe, SafetyBin::BothUnsafe, SafetyBin::ChosenUnsafe,
                           SafetyBin::Unknown},
                          [&] { fail("safety bin", rated.bin); });
    return pair;
}

}  // namespace harness::scoring
