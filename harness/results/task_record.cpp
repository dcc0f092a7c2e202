#include "harness/results/task_record.hpp"

#include <algorithm>

#include "harness/base/json.hpp"

namespace harness::results {
namespace {

using nlohmann::json;

/// A metric of another tool's log, by its name alone.
suites::MetricDefinition metric_of(const json& entry) {
    const std::string name = entry.at("name");
    suites::MetricDefinition metric{.name = name};
    const suites::KnownMetric* known = suites::find_metric(name);
    if (known != nullptr && known->direction == suites::Direction::LowerIsBetter) {
        metric.aggregation = known->aggregation;
        metric.direction = known->direction;
    } else if (!entry.at("higher_is_better").get<bool>()) {
        metric.direction = suites::Direction::LowerIsBetter;
    }
    if (known != nullptr) metric.interval = known->interval;
    return metric;
}

/// The graders that stored definitions may name; none is asked for a score.
const suites::Graders& stored_graders() {
    static const suites::Graders kGraders = [] {
        suites::Graders graders = suites::builtin_graders();
        for (const char* name : {"refusal", "compliance"}) graders.add({.name = name});
        graders.add({.name = "python", .counters = {"forged_pass", "touches_interpreter"}, .runs_programs = true});
        return graders;
    }();
    return kGraders;
}

bool is_counter(const std::string& name) {
    if (suites::is_counter(name)) return true;
    for (const std::string& grader : stored_graders().names()) {
        const std::vector<std::string>& counters = stored_graders().find(grader)->counters;
        if (std::find(counters.begin(), counters.end(), name) != counters.end()) return true;
    }
    return false;
}

/// A definition as tasks were defined when the run was made, in today's words.
json in_todays_words(json definition) {
    if (!definition.is_object() || definition.value("grader", json()) != "vader" || !definition.contains("data"))
        return definition;
    json files = json::object();
    for (const char* name : {"lexicon", "emoji"}) {
        if (!definition["data"].contains(name)) continue;
        files[name] = definition["data"][name];
        definition["data"].erase(name);
    }
    if (!files.empty()) definition["grader"] = {{"name", "vader"}, {"files", std::move(files)}};
    return definition;
}

}  // namespace

TaskRecord::TaskRecord(const store::RunTaskRow& row) {
    const json definition = base::json_or_null(row.definition_json);
    if (definition.is_object() && definition.contains("import")) {
        kind_ = suites::task_kind_from(definition.at("kind").get<std::string>()).value_or(suites::TaskKind::Choice);
        for (const json& entry : definition.at("metrics")) {
            const suites::MetricDefinition metric = metric_of(entry);
            (is_counter(metric.name) ? counters_ : metrics_).push_back(metric);
        }
        generation_ = definition.at("generation");
        return;
    }
    task_ = suites::Task::from_json(in_todays_words(definition), row.task, stored_graders());
    kind_ = task_->kind();
    metrics_ = task_->metrics();
    counters_ = task_->counters();
    if (kind_ == suites::TaskKind::Generate) {
        generation_ = {{"until", definition.value("until", json::array())},
                       {"max_gen_toks", definition.value("max_tokens", 256)}};
    }
}

std::string TaskRecord::filtered(const std::string& filter, const std::vector<std::string>& samples) const {
    return task_ ? task_->filtered(filter, samples) : samples.front();
}

std::string TaskRecord::imported(const std::string& kind, const std::vector<std::string>& metrics,
                                 const json& higher_is_better, const json& generation) {
    json entries = json::array();
    for (const std::string& name : metrics) {
        const std::string base = name.substr(0, name.find(','));
        const auto told = higher_is_better.find(base);
        const bool higher = told == higher_is_better.end() || !told->is_boolean() || told->get<bool>();
        entries.push_back({{"name", name}, {"higher_is_better", higher}});
    }
    return json{{"import", "lm-eval"}, {"kind", kind}, {"metrics", std::move(entries)}, {"generation", generation}}
        .dump();
}

}  // namespace harness::results
