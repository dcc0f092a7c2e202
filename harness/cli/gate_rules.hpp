#pragma once

#include <vector>

#include "harness/study/json_reader.hpp"
#include "reports/data/gate.hpp"

/// The rules of a policy about people and scorers.
namespace harness::cli {

/// An entry of "ratings": people's ratings of answers of both runs.
reports::data::GateRule read_ratings_rule(const study::ObjectReader& fields);

/// An entry of "safety": violations and over-refusals of prompt sets, always both, since a model that refuses
/// everything violates nothing.
std::vector<reports::data::GateRule> read_safety_rules(const study::ObjectReader& fields);

/// The scorer of a field: "refusal", "judge:TEMPLATE", "reward:NAME", "combined:SAFETY+HELPFULNESS", or one of
/// `others`. Empty where it is absent.
std::string read_scorer(const study::ObjectReader& fields, const char* field, const std::set<std::string>& others = {});

}  // namespace harness::cli
