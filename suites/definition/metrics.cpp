#include "suites/definition/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "suites/definition/task_definition.hpp"
#include "suites/suggestion.hpp"

namespace suites::definition {
namespace {

std::set<std::string> names_of(TaskKind kind) {
    std::set<std::string> names;
    for (const KnownMetric& known : known_metrics()) {
        if (known.kind == kind) names.emplace(known.name);
    }
    return names;
}

/// K of "pass@K"; 0 for any other name.
std::size_t pass_samples(std::string_view name) {
    constexpr std::string_view kPass = "pass@";
    std::size_t samples = 0;
    if (!name.starts_with(kPass) || name.substr(kPass.size()).starts_with('0')) return 0;
    const char* const last = name.data() + name.size();
    const auto [end, error] = std::from_chars(name.data() + kPass.size(), last, samples);
    return error == std::errc() && end == last ? samples : 0;
}

/// Whether a name may be a task's own name for a grader's score.
bool is_own_name(std::string_view name) {
    return !name.empty() && !name.starts_with("pass@") &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

const Filter* filter_named(const Task::Definition& task, const std::string& name) {
    const std::vector<Filter>& filters = task.generation.filters;
    const auto found =
        std::find_if(filters.begin(), filters.end(), [&](const Filter& one) { return one.name == name; });
    return found == filters.end() ? nullptr : &*found;
}

void check_samples(const Fields& fields, const Task::Definition& task, const Metric& metric) {
    const std::uint32_t repeats = task.generation.repeats;
    if (metric.samples > repeats)
        fields.fail("metrics", fmt::format("names '{}', which needs {} samples; \"repeats\" is {}", metric.name,
                                           metric.samples, repeats));
    const Filter* filter = filter_named(task, metric.filter);
    if (filter == nullptr) return;
    const std::size_t left = filter->samples_left(repeats);
    if (metric.samples > left)
        fields.fail("metrics", fmt::format("names '{}', which needs {} samples; the filter '{}' leaves {}", metric.name,
                                           metric.samples, metric.filter, left));
}

void check_needs(const Fields& fields, const Task::Definition& task, const Metric& metric) {
    const auto need = [&](bool given, const char* what) {
        if (!given) fields.fail("metrics", fmt::format("names '{}', which needs {}", metric.name, what));
    };
    const Generation& generation = task.generation;
    if (metric.rule == Rule::BestCalibrated) need(task.choices.calibration.has_value(), "the field \"calibration\"");
    if (metric.rule == Rule::BestPerPoint || metric.rule == Rule::BestPerByte)
        need(!task.prompt_per_choice(), "choices of its own, not one continuation for all");
    if (metric.rule == Rule::SquadBest) need(!generation.likelihoods.empty(), "the field \"likelihoods\"");
    if (metric.overlap != Overlap::None)
        need(generation.wrong_references && generation.references,
             "the fields \"references\" and \"wrong_references\"");
    if (metric.rule != Rule::PassAtK) return;
    need(generation.grader.has_value(), "the field \"grader\"");
    check_samples(fields, task, metric);
}

[[noreturn]] void fail_unknown(const Fields& fields, TaskKind kind, const std::string& base) {
    const bool elsewhere = find_metric(base) != nullptr;
    if (elsewhere)
        fields.fail("metrics", fmt::format("names '{}', which a task of kind {} does not have", base, to_string(kind)));
    fields.fail("metrics", fmt::format("names '{}'{}", base, suggestion(base, names_of(kind))));
}

/// The metric and its description.
std::pair<Metric, MetricDefinition> metric_named(const Fields& fields, const Task::Definition& task,
                                                 const std::string& name) {
    const std::string base = name.substr(0, name.find(','));
    Metric metric{.name = name, .filter = base == name ? "" : name.substr(base.size() + 1)};
    MetricDefinition described{.name = name};
    const KnownMetric* known = find_metric(base, task.kind);
    const auto& grader = task.generation.grader;
    const bool passes = pass_samples(base) != 0;
    if (grader && !passes && is_own_name(base)) {
        metric.rule = Rule::Graded;
        described.interval = grader->entry.interval;
    } else if (known == nullptr || (known->rule == Rule::PassAtK && !passes)) {
        fail_unknown(fields, task.kind, base);
    } else {
        metric.rule = known->rule;
        metric.scope = known->scope;
        metric.overlap = known->overlap;
        metric.samples = std::max<std::size_t>(pass_samples(base), 1);
        described = {.name = name,
                     .aggregation = known->aggregation,
                     .direction = known->direction,
                     .interval = known->interval};
    }
    if (grader) described.grader_version = grader->entry.version;
    if (!metric.filter.empty() && filter_named(task, metric.filter) == nullptr)
        fields.fail("metrics", fmt::format("names '{}', but there is no filter '{}'", name, metric.filter));
    check_needs(fields, task, metric);
    return {std::move(metric), std::move(described)};
}

void add_counters(Task::Definition& task) {
    for (const Filter& filter : task.generation.filters)
        task.counters.push_back(counter("extraction_failed," + filter.name));
    if (const auto& grader = task.generation.grader) {
        for (const std::string& name : grader->entry.counters) task.counters.push_back(counter(name));
    }
    if (task.kind == TaskKind::Generate) {
        for (const char* name : {"empty_output", "length_limited"}) task.counters.push_back(counter(name));
    }
    if (task.kind != TaskKind::Rolling) task.counters.push_back(counter("prompt_truncated"));
}

}  // namespace

void read_metrics(const Fields& fields, Task::Definition& task) {
    fields.required("metrics");
    const bool lower = fields.flag("lower_is_better");
    std::set<std::string> seen;
    for (const std::string& name : fields.texts("metrics")) {
        fields.attempt("metrics", [&] {
            if (!seen.insert(name).second) fields.fail("metrics", fmt::format("names '{}' twice", name));
            auto [metric, described] = metric_named(fields, task, name);
            if (lower) described.direction = Direction::LowerIsBetter;
            task.metrics.push_back(std::move(metric));
            task.metric_definitions.push_back(std::move(described));
        });
    }
    if (seen.empty()) fields.fail("metrics", "is empty");
    for (const Filter& filter : task.generation.filters) {
        const bool used = std::any_of(seen.begin(), seen.end(),
                                      [&](const std::string& name) { return name.ends_with("," + filter.name); });
        if (!used)
            fields.fail("filters", fmt::format("has '{}', which no metric uses; metrics name it as in exact_match,{}",
                                               filter.name, filter.name));
    }
    add_counters(task);
}

}  // namespace suites::definition
