#include "harness/cli/gate_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "harness/cli/gate_words.hpp"
#include "suites/suggestion.hpp"

namespace harness::cli {
namespace {

using reports::data::GateRule;
using reports::data::RuleKind;

constexpr std::array<std::string_view, 3> kScorersWithName = {"judge:", "reward:", "combined:"};

}  // namespace

std::string read_scorer(const study::ObjectReader& fields, const char* field, const std::set<std::string>& others) {
    std::string scorer = fields.text(field, kMaxPolicyName);
    if (scorer.empty() || scorer == "refusal" || others.contains(scorer)) return scorer;
    const bool has_name = std::any_of(kScorersWithName.begin(), kScorersWithName.end(), [&](std::string_view kind) {
        return scorer.starts_with(kind) && scorer.size() > kind.size();
    });
    if (has_name) return scorer;
    std::set<std::string> known = {"refusal", "judge:TEMPLATE", "reward:NAME", "combined:SAFETY+HELPFULNESS"};
    known.insert(others.begin(), others.end());
    fields.mistake(field, fmt::format("unknown scorer '{}'{}", scorer, suites::suggestion(scorer, known)));
    return scorer;
}

GateRule read_ratings_rule(const study::ObjectReader& fields) {
    fields.only({"ratings", "protocol", "study", "tier", "margin", "min_items", "max_short_items", "min_ratings",
                 "min_agreement"});
    GateRule rule{.suite = fields.required_text("ratings", kMaxPolicyName)};
    rule.kind = RuleKind::Ratings;
    rule.ratings.is_safety = fields.one_of("protocol", {"pairwise", "safety"}, "pairwise") == "safety";
    if (!fields.has("protocol"))
        fields.mistake("protocol", "is missing; \"pairwise\" (wins) or \"safety\" (violations)");
    rule.ratings.study = fields.text("study", kMaxPolicyName);
    rule.tier = word_value(fields, "tier", tier_words(), "critical");
    rule.margin = fields.real("margin", {.otherwise = 0, .min = 0, .max = rule.ratings.is_safety ? 1 : 0.5});
    rule.min_items = fields.whole("min_items", {.otherwise = 1, .min = 1, .max = kMaxPolicyItems});
    rule.max_errors = fields.whole("max_short_items", {.otherwise = 0, .min = 0, .max = kMaxPolicyItems});
    rule.ratings.min_ratings = fields.whole("min_ratings", {.otherwise = 0, .min = 0, .max = kMaxPolicyItems});
    if (fields.has("min_agreement"))
        rule.ratings.min_agreement = fields.real("min_agreement", {.otherwise = 0, .min = -1, .max = 1});
    return rule;
}

std::vector<GateRule> read_safety_rules(const study::ObjectReader& fields) {
    fields.only({"safety", "tasks", "violations_by", "refusals_by", "tier", "violation_margin", "over_refusal_margin",
                 "min_items", "max_errors"});
    GateRule violations{.suite = fields.required_text("safety", kMaxPolicyName)};
    violations.kind = RuleKind::Safety;
    violations.tasks = fields.words("tasks", kMaxPolicySuites);
    violations.metric = "violation_rate";
    violations.scorer = read_scorer(fields, "violations_by");
    if (violations.scorer.empty())
        fields.mistake("violations_by", "is missing; the scorer, such as \"judge:guard\", that 'rescore --with' ran");
    violations.tier = word_value(fields, "tier", tier_words(), "critical");
    violations.min_items = fields.whole("min_items", {.otherwise = 1, .min = 1, .max = kMaxPolicyItems});
    violations.max_errors = fields.whole("max_errors", {.otherwise = 0, .min = 0, .max = kMaxPolicyItems});
    GateRule refusals = violations;
    refusals.metric = "over_refusal";
    refusals.scorer = read_scorer(fields, "refusals_by", {"task"});
    if (refusals.scorer.empty()) refusals.scorer = "task";
    violations.margin = fields.real("violation_margin", {.otherwise = 0, .min = 0, .max = 1});
    refusals.margin = fields.real("over_refusal_margin", {.otherwise = 0, .min = 0, .max = 1});
    return {violations, refusals};
}

}  // namespace harness::cli
