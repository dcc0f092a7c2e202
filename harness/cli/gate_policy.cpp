#include "harness/cli/gate_policy.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/json.hpp"
#include "harness/cli/gate_rules.hpp"
#include "harness/cli/gate_words.hpp"
#include "harness/study/json_reader.hpp"
#include "reports/gate/evidence.hpp"
#include "reports/sections/scores.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using reports::data::GatePolicy;
using reports::data::GateRule;
using reports::data::GateTestChoice;
using reports::data::MarginUnit;

constexpr std::uint64_t kFormat = 1;

const std::map<std::string, MarginUnit> kUnits = {{"score", MarginUnit::Score}, {"relative", MarginUnit::Relative}};
const std::map<std::string, GateTestChoice> kTests = {{"auto", GateTestChoice::Auto},
                                                      {"mcnemar", GateTestChoice::McNemar},
                                                      {"unconditional", GateTestChoice::Unconditional},
                                                      {"score", GateTestChoice::Score},
                                                      {"mean", GateTestChoice::Mean}};

/// What a scorer's values are called where there is only one kind.
std::string only_measure(const std::string& scorer) {
    if (scorer == "refusal") return "refusal";
    return scorer.starts_with("reward:") || scorer.starts_with("combined:") ? "reward" : "";
}

GateRule read_rule(const study::ObjectReader& fields) {
    fields.only({"suite", "tasks", "mean_over", "metric", "scorer", "direction", "tier", "margin", "margin_unit",
                 "test", "min_items", "max_errors", "min_pass_share"});
    GateRule rule{.suite = fields.required_text("suite", kMaxPolicyName)};
    rule.tasks = fields.words("tasks", kMaxPolicySuites);
    rule.members_weigh_alike = fields.one_of("mean_over", {"items", "tasks"}, "items") == "tasks";
    rule.metric = fields.text("metric", kMaxPolicyName);
    rule.scorer = read_scorer(fields, "scorer");
    if (!rule.scorer.empty() && rule.metric.empty()) rule.metric = only_measure(rule.scorer);
    if (!rule.scorer.empty() && rule.metric.empty())
        fields.mistake("metric", "is missing; what the scorer measures, such as \"violation\"");
    rule.direction = word_value(fields, "direction", direction_words(), "as metric");
    rule.tier = word_value(fields, "tier", tier_words(), "critical");
    rule.margin = fields.real("margin", {.otherwise = 0, .min = 0, .max = kMaxPolicyMargin});
    rule.unit = word_value(fields, "margin_unit", kUnits, "score");
    rule.test = word_value(fields, "test", kTests, "auto");
    rule.min_items = fields.whole("min_items", {.otherwise = 1, .min = 1, .max = kMaxPolicyItems});
    rule.max_errors = fields.whole("max_errors", {.otherwise = 0, .min = 0, .max = kMaxPolicyItems});
    rule.min_pass_share = fields.real("min_pass_share", {.otherwise = 0, .min = 0, .max = 1});
    for (const GateTestChoice exact : {GateTestChoice::McNemar, GateTestChoice::Unconditional}) {
        if (rule.test == exact && rule.margin > 0)
            fields.mistake("test", fmt::format("\"{}\" is for a margin of 0; \"score\" takes a margin",
                                               word_of_value(kTests, exact)));
    }
    if (rule.members_weigh_alike && rule.tasks.size() > 1 && rule.test != GateTestChoice::Auto &&
        rule.test != GateTestChoice::Mean)
        fields.mistake("test", "a mean over tasks has only the test \"mean\"");
    return rule;
}

/// Reads the entries of one list of a policy.
class RuleLists {
public:
    RuleLists(const study::ObjectReader& file, study::Mistakes& mistakes, GatePolicy& policy)
        : file_(file), mistakes_(mistakes), policy_(policy) {}

    /// `read` makes the rules of one entry.
    template <class Read>
    void add(const char* field, const Read& read) {
        const std::vector<json> entries = file_.list(field, kMaxPolicySuites);
        for (std::size_t i = 0; i < entries.size(); ++i) {
            const std::string place = fmt::format("{}[{}]", field, i);
            if (!entries[i].is_object()) {
                mistakes_.add(place, "expected an object, found " + study::kind_of(entries[i]));
                continue;
            }
            for (GateRule& rule : read(study::ObjectReader(entries[i], place + ".", mistakes_)))
                add_rule(std::move(rule), place);
        }
        if (file_.has(field) && entries.empty() && std::string(field) == "suites")
            file_.mistake(field, "is empty: such a gate would always pass");
    }

private:
    void add_rule(GateRule rule, const std::string& place) {
        const std::string what = fmt::format("{}|{}|{}", rule.metric, rule.scorer, static_cast<int>(rule.kind));
        if (!seen_.emplace(rule.suite, what).second) mistakes_.add(place, "the same suite and metric as another one");
        policy_.rules.push_back(std::move(rule));
    }

    const study::ObjectReader& file_;
    study::Mistakes& mistakes_;
    GatePolicy& policy_;
    std::set<std::pair<std::string, std::string>> seen_;
};

/// The metric of a rule as its first task has it; nullptr where it has none.
const reports::data::MetricValues* metric_in(const reports::data::RunView& run, const GateRule& rule) {
    const std::string& name = rule.tasks.empty() ? rule.suite : rule.tasks.front();
    const reports::data::TaskView* task = reports::sections::task_named(run, name);
    return task == nullptr ? nullptr : reports::gate::metric_of(*task, rule);
}

/// The rules, and after each the other metrics of its task, which are advisory. Values of scorers are left out: what
/// they are worth is for the policy's author to say.
std::vector<GateRule> with_other_metrics(const std::vector<GateRule>& rules, const reports::data::RunView& run) {
    std::vector<GateRule> all;
    for (const GateRule& rule : rules) {
        all.push_back(rule);
        const reports::data::TaskView* task =
            rule.tasks.empty() ? reports::sections::task_named(run, rule.suite) : nullptr;
        if (task == nullptr) continue;
        for (const reports::data::MetricValues& metric : task->metrics) {
            if (metric.values.empty() || metric.name == rule.metric || !metric.scorer.option.empty()) continue;
            all.push_back({.suite = rule.suite, .metric = metric.name, .tier = reports::data::Tier::Advisory});
        }
    }
    return all;
}

ordered_json suite_json(const GateRule& rule, const reports::data::RunView& run) {
    ordered_json suite = {{"suite", rule.suite}};
    if (!rule.tasks.empty()) {
        suite["tasks"] = rule.tasks;
        suite["mean_over"] = rule.members_weigh_alike ? "tasks" : "items";
    }
    const reports::data::MetricValues* metric = metric_in(run, rule);
    suite["metric"] = rule.metric;
    if (metric != nullptr) suite["direction"] = metric->higher_is_better ? "higher" : "lower";
    suite["tier"] = word_of_value(tier_words(), rule.tier);
    suite["margin"] = rule.margin;
    suite["margin_unit"] = word_of_value(kUnits, rule.unit);
    suite["test"] = word_of_value(kTests, rule.test);
    suite["min_items"] = rule.min_items;
    suite["max_errors"] = rule.max_errors;
    return suite;
}

/// A pair of violations and over-refusals for every scorer of violations, with the refusal detector where it ran.
ordered_json safety_json(const reports::data::RunView& run) {
    std::set<std::string> violations;
    std::set<std::string> refusals;
    for (const reports::data::TaskView& task : run.tasks) {
        for (const reports::data::MetricValues& metric : task.metrics) {
            if (metric.scorer.measure == "violation_rate") violations.insert(metric.scorer.option);
            if (metric.scorer.measure == "over_refusal") refusals.insert(metric.scorer.option);
        }
    }
    ordered_json pairs = ordered_json::array();
    if (refusals.empty()) return pairs;
    for (const std::string& scorer : violations)
        pairs.push_back({{"safety", "safety by " + scorer},
                         {"violations_by", scorer},
                         {"refusals_by", refusals.contains("refusal") ? "refusal" : *refusals.begin()},
                         {"tier", word_of_value(tier_words(), reports::data::Tier::Critical)},
                         {"violation_margin", 0.0},
                         {"over_refusal_margin", 0.0}});
    return pairs;
}

}  // namespace

GatePolicy parse_policy(std::string_view text, const std::string& path) {
    const json file = base::parse_json(text, path, {.duplicates = base::DuplicateKeys::Refused});
    study::Mistakes mistakes;
    GatePolicy policy;
    if (!file.is_object()) {
        mistakes.add("", "expected an object, found " + study::kind_of(file));
        mistakes.report(path);
    }
    const study::ObjectReader fields(file, "", mistakes);
    fields.only({"policy", "level", "strict", "may_differ", "suites", "safety", "ratings"});
    if (fields.whole("policy", {.otherwise = 0, .min = kFormat, .max = kFormat}) == 0)
        fields.mistake("policy", fmt::format("is missing; write \"policy\": {}, the version of the format", kFormat));
    constexpr double kSmallest = 1e-6;
    constexpr double kLargest = 0.49;
    policy.level = fields.real("level", {.otherwise = policy.level, .min = kSmallest, .max = kLargest});
    if (fields.flag("strict")) policy.strictness = reports::data::Strictness::Strict;
    policy.may_differ = fields.words("may_differ", kMaxPolicySuites);
    RuleLists lists(fields, mistakes, policy);
    lists.add("suites", [](const study::ObjectReader& entry) { return std::vector<GateRule>{read_rule(entry)}; });
    lists.add("safety", read_safety_rules);
    lists.add("ratings",
              [](const study::ObjectReader& entry) { return std::vector<GateRule>{read_ratings_rule(entry)}; });
    mistakes.report(path);
    return policy;
}

std::string policy_text(const std::vector<GateRule>& rules, const reports::data::RunView& run) {
    ordered_json suites = ordered_json::array();
    for (const GateRule& rule : with_other_metrics(rules, run)) suites.push_back(suite_json(rule, run));
    ordered_json policy = {{"policy", kFormat},
                           {"level", GatePolicy().level},
                           {"strict", false},
                           {"may_differ", ordered_json::array()},
                           {"suites", suites}};
    if (const ordered_json safety = safety_json(run); !safety.empty()) policy["safety"] = safety;
    return policy.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace harness::cli
