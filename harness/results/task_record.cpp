#include "harness/results/task_record.hpp"

#include <optional>
#include <set>

#include "harness/base/json.hpp"

namespace harness::results {
namespace {

using nlohmann::json;

/// What suites::Task::counters has; a log has them beside its metrics.
const std::set<std::string, std::less<>> kCounters = {"extraction_failed", "equal_by_value", "equal_unread",
                                                      "needs_algebra",     "empty_output",   "length_limited",
                                                      "prompt_truncated"};

bool is_counter(const std::string& name) {
    return kCounters.contains(name.substr(0, name.find(',')));
}

suites::MetricDefinition metric_of(const json& entry) {
    const std::string name = entry.at("name");
    if (name == "word_perplexity") return {name, suites::Aggregation::WordPerplexity, false};
    if (name == "byte_perplexity") return {name, suites::Aggregation::BytePerplexity, false};
    if (name == "bits_per_byte") return {name, suites::Aggregation::BitsPerByte, false};
    if (name == "perplexity") return {name, suites::Aggregation::ExpMinusMean, false};
    return {name, suites::Aggregation::Mean, entry.at("higher_is_better").get<bool>()};
}

suites::RequestKind kind_of(const std::string& name) {
    for (const auto kind : {suites::RequestKind::Generate, suites::RequestKind::Rolling}) {
        if (name == suites::to_string(kind)) return kind;
    }
    return suites::RequestKind::Choice;
}

}  // namespace

TaskRecord::TaskRecord(const store::RunTaskRow& row) {
    const json definition = base::json_or_null(row.definition_json);
    if (definition.is_object() && definition.contains("import")) {
        kind_ = kind_of(definition.at("kind"));
        for (const json& entry : definition.at("metrics")) {
            const suites::MetricDefinition metric = metric_of(entry);
            (is_counter(metric.name) ? counters_ : metrics_).push_back(metric);
        }
        generation_ = definition.at("generation");
        return;
    }
    const suites::Task task = suites::Task::from_json(definition, row.task);
    kind_ = task.kind();
    metrics_ = task.metrics();
    counters_ = task.counters();
    filters_ = task.parsed().filters;
    if (kind_ == suites::RequestKind::Generate) {
        generation_ = {{"until", definition.value("until", json::array())},
                       {"max_gen_toks", definition.value("max_tokens", 256)}};
    }
}

std::string TaskRecord::filtered(const std::string& filter, const std::vector<std::string>& samples) const {
    for (const suites::Filter& known : filters_) {
        if (known.name() != filter) continue;
        const std::vector<std::optional<std::string>> answers = known.apply(samples);
        return answers.empty() ? suites::kInvalid : answers.front().value_or(suites::kInvalid);
    }
    return samples.front();
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
