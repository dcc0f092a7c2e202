#include "harness/cli/gate_policy.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/json.hpp"
#include "harness/study/json_reader.hpp"
#include "reports/gate/judge.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using reports::data::GatePolicy;
using reports::data::GateRule;
using reports::data::GateTestChoice;
using reports::data::MarginUnit;
using reports::data::Tier;

constexpr std::uint64_t kFormat = 1;
constexpr std::size_t kMaxName = 300;
constexpr std::size_t kMaxSuites = 10'000;
constexpr std::uint64_t kMaxItems = 1'000'000'000;
constexpr double kMaxMargin = 1e6;

const std::map<std::string, Tier> kTiers = {
    {"critical", Tier::Critical}, {"supporting", Tier::Supporting}, {"advisory", Tier::Advisory}};
const std::map<std::string, MarginUnit> kUnits = {{"score", MarginUnit::Score}, {"relative", MarginUnit::Relative}};
const std::map<std::string, GateTestChoice> kTests = {{"auto", GateTestChoice::Auto},
                                                      {"mcnemar", GateTestChoice::McNemar},
                                                      {"unconditional", GateTestChoice::Unconditional},
                                                      {"score", GateTestChoice::Score},
                                                      {"mean", GateTestChoice::Mean}};

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

GateRule read_rule(const study::ObjectReader& fields) {
    fields.only(
        {"suite", "tasks", "mean_over", "metric", "tier", "margin", "margin_unit", "test", "min_items", "max_errors"});
    GateRule rule{.suite = fields.required_text("suite", kMaxName)};
    rule.tasks = fields.words("tasks", kMaxSuites);
    rule.members_weigh_alike = fields.one_of("mean_over", {"items", "tasks"}, "items") == "tasks";
    rule.metric = fields.text("metric", kMaxName);
    rule.tier = word_value(fields, "tier", kTiers, "critical");
    rule.margin = fields.real("margin", {.otherwise = 0, .min = 0, .max = kMaxMargin});
    rule.unit = word_value(fields, "margin_unit", kUnits, "score");
    rule.test = word_value(fields, "test", kTests, "auto");
    rule.min_items = fields.whole("min_items", {.otherwise = 1, .min = 1, .max = kMaxItems});
    rule.max_errors = fields.whole("max_errors", {.otherwise = 0, .min = 0, .max = kMaxItems});
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
    fields.only({"policy", "level", "strict", "may_differ", "suites"});
    if (fields.whole("policy", {.otherwise = 0, .min = kFormat, .max = kFormat}) == 0)
        fields.mistake("policy", fmt::format("is missing; write \"policy\": {}, the version of the format", kFormat));
    constexpr double kSmallest = 1e-6;
    constexpr double kLargest = 0.49;
    policy.level = fields.real("level", {.otherwise = policy.level, .min = kSmallest, .max = kLargest});
    if (fields.flag("strict")) policy.strictness = reports::data::Strictness::Strict;
    policy.may_differ = fields.words("may_differ", kMaxSuites);
    const std::vector<json> suites = fields.list("suites", kMaxSuites);
    std::set<std::pair<std::string, std::string>> seen;
    for (std::size_t i = 0; i < suites.size(); ++i) {
        const std::string place = fmt::format("suites[{}]", i);
        if (!suites[i].is_object()) {
            mistakes.add(place, "expected an object, found " + study::kind_of(suites[i]));
            continue;
        }
        policy.rules.push_back(read_rule(study::ObjectReader(suites[i], place + ".", mistakes)));
        if (!seen.emplace(policy.rules.back().suite, policy.rules.back().metric).second)
            mistakes.add(place, "the same suite and metric as another one");
    }
    if (fields.has("suites") && suites.empty()) fields.mistake("suites", "is empty: such a gate would always pass");
    mistakes.report(path);
    return policy;
}

std::string policy_text(const reports::data::RunView& run) {
    ordered_json suites = ordered_json::array();
    for (const GateRule& rule : reports::gate::rules_for(run))
        suites.push_back({{"suite", rule.suite},
                          {"metric", rule.metric},
                          {"tier", word_of_value(kTiers, rule.tier)},
                          {"margin", rule.margin},
                          {"margin_unit", word_of_value(kUnits, rule.unit)},
                          {"test", word_of_value(kTests, rule.test)},
                          {"min_items", rule.min_items},
                          {"max_errors", rule.max_errors}});
    const ordered_json policy = {{"policy", kFormat},
                                 {"level", GatePolicy().level},
                                 {"strict", false},
                                 {"may_differ", ordered_json::array()},
                                 {"suites", suites}};
    return policy.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace harness::cli
