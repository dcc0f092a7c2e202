#pragma once

#include <map>
#include <set>
#include <string>

#include "harness/study/json_reader.hpp"
#include "reports/data/gate.hpp"

/// The words of a gate's policy.
namespace harness::cli {

constexpr std::size_t kMaxPolicyName = 300;
constexpr std::size_t kMaxPolicySuites = 10'000;
constexpr std::uint64_t kMaxPolicyItems = 1'000'000'000;
constexpr double kMaxPolicyMargin = 1e6;

inline const std::map<std::string, reports::data::Tier>& tier_words() {
    static const std::map<std::string, reports::data::Tier> words = {{"critical", reports::data::Tier::Critical},
                                                                     {"supporting", reports::data::Tier::Supporting},
                                                                     {"advisory", reports::data::Tier::Advisory}};
    return words;
}

inline const std::map<std::string, reports::data::GateDirection>& direction_words() {
    static const std::map<std::string, reports::data::GateDirection> words = {
        {"as metric", reports::data::GateDirection::AsMetric},
        {"higher", reports::data::GateDirection::Higher},
        {"lower", reports::data::GateDirection::Lower}};
    return words;
}

/// The meaning of a field's word; of `otherwise` where it is absent or wrong.
template <class Value>
Value word_value(const study::ObjectReader& fields, const char* field, const std::map<std::string, Value>& words,
                 const std::string& otherwise) {
    std::set<std::string> known;
    for (const auto& [word, value] : words) known.insert(word);
    return words.at(fields.one_of(field, known, otherwise));
}

template <class Value>
std::string word_of_value(const std::map<std::string, Value>& words, Value value) {
    for (const auto& [word, meaning] : words) {
        if (meaning == value) return word;
    }
    return "";
}

}  // namespace harness::cli
