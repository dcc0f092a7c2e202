#include "suites/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "suites/suggestion.hpp"
#include "suites/task_definition.hpp"

namespace suites {
namespace {

struct Known {
    std::string_view name;
    std::string_view kind;  ///< of the task
    Rule rule;
    Scope scope = Scope::All;
    Aggregation aggregation = Aggregation::Mean;
    bool higher_is_better = true;
};

constexpr std::array kKnown = {
    Known{"acc", "choice", Rule::Best},
    Known{"acc_norm", "choice", Rule::BestPerPoint},
    Known{"acc_bytes", "choice", Rule::BestPerByte},
    Known{"acc_calibrated", "choice", Rule::BestCalibrated},
    Known{"mc2", "choice", Rule::RightShare},
    Known{"acc", "continuation", Rule::Greedy},
    Known{"perplexity", "continuation", Rule::LogProbability, Scope::All, Aggregation::ExpMinusMean, false},
    Known{"word_perplexity", "rolling", Rule::Rolling, Scope::All, Aggregation::WordPerplexity, false},
    Known{"byte_perplexity", "rolling", Rule::Rolling, Scope::All, Aggregation::BytePerplexity, false},
    Known{"bits_per_byte", "rolling", Rule::Rolling, Scope::All, Aggregation::BitsPerByte, false},
    Known{"exact_match", "generate", Rule::ExactMatch},
    Known{"exact", "generate", Rule::SquadExact},
    Known{"f1", "generate", Rule::SquadF1},
    Known{"HasAns_exact", "generate", Rule::SquadExact, Scope::Answerable},
    Known{"HasAns_f1", "generate", Rule::SquadF1, Scope::Answerable},
    Known{"NoAns_exact", "generate", Rule::SquadExact, Scope::Unanswerable},
    Known{"NoAns_f1", "generate", Rule::SquadF1, Scope::Unanswerable},
    Known{"best_exact", "generate", Rule::SquadBest, Scope::All, Aggregation::BestExact},
    Known{"best_f1", "generate", Rule::SquadBest, Scope::All, Aggregation::BestF1},
    Known{"quac_f1", "generate", Rule::QuacF1},
    Known{"bleu_max", "generate", Rule::Overlap},
    Known{"bleu_acc", "generate", Rule::Overlap},
    Known{"bleu_diff", "generate", Rule::Overlap},
    Known{"rouge1_max", "generate", Rule::Overlap},
    Known{"rouge1_acc", "generate", Rule::Overlap},
    Known{"rouge1_diff", "generate", Rule::Overlap},
    Known{"rouge2_max", "generate", Rule::Overlap},
    Known{"rouge2_acc", "generate", Rule::Overlap},
    Known{"rouge2_diff", "generate", Rule::Overlap},
    Known{"rougeL_max", "generate", Rule::Overlap},
    Known{"rougeL_acc", "generate", Rule::Overlap},
    Known{"rougeL_diff", "generate", Rule::Overlap},
};

std::string_view kind_of(const Task::Definition& task) {
    return task.single ? "continuation" : to_string(task.kind);
}

std::set<std::string> names_of(std::string_view kind) {
    std::set<std::string> names;
    for (const Known& known : kKnown) {
        if (known.kind == kind) names.emplace(known.name);
    }
    if (kind == "generate") names.insert("pass@K");
    return names;
}

/// K of "pass@K"; 0 for another name.
std::size_t pass_samples(std::string_view name) {
    std::size_t samples = 0;
    if (!name.starts_with("pass@")) return 0;
    const auto [end, error] = std::from_chars(name.data() + 5, name.data() + name.size(), samples);
    return error == std::errc() && end == name.data() + name.size() ? samples : 0;
}

bool is_identifier(std::string_view name) {
    return !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_@") == std::string_view::npos;
}

void check_needs(const Fields& fields, const Task::Definition& task, const Metric& metric) {
    const auto need = [&](bool given, const char* what) {
        if (!given) fields.fail("metrics", fmt::format("names '{}', which needs {}", metric.name, what));
    };
    if (metric.rule == Rule::BestCalibrated) need(task.calibration.has_value(), "the field \"calibration\"");
    if (metric.rule == Rule::BestPerPoint || metric.rule == Rule::BestPerByte)
        need(task.prompts.size() == 1, "choices of its own, not one continuation for all");
    if (metric.rule == Rule::SquadBest) need(!task.likelihoods.empty(), "the field \"likelihoods\"");
    if (metric.rule == Rule::Overlap)
        need(task.wrong_references && task.references, "the fields \"references\" and \"wrong_references\"");
    if (metric.rule == Rule::PassAtK) {
        need(!task.grader.empty(), "the field \"grader\"");
        need(metric.samples <= task.repeats, "as many \"repeats\" at least");
    }
}

Metric metric_named(const Fields& fields, const Task::Definition& task, const std::string& name,
                    MetricDefinition& definition) {
    const std::string base = name.substr(0, name.find(','));
    const std::string_view kind = kind_of(task);
    Metric metric{.name = name, .filter = base == name ? "" : name.substr(base.size() + 1)};
    definition = {name, Aggregation::Mean, true};
    const auto known = std::find_if(kKnown.begin(), kKnown.end(),
                                    [&](const Known& one) { return one.name == base && one.kind == kind; });
    metric.samples = pass_samples(base);
    if (metric.samples != 0) {
        metric.rule = Rule::PassAtK;
    } else if (!task.grader.empty() && is_identifier(base)) {
        metric.rule = Rule::Graded;
    } else if (known != kKnown.end()) {
        metric.rule = known->rule;
        metric.scope = known->scope;
        definition = {name, known->aggregation, known->higher_is_better};
    } else {
        const bool elsewhere =
            std::any_of(kKnown.begin(), kKnown.end(), [&](const Known& one) { return one.name == base; });
        if (elsewhere)
            fields.fail("metrics", fmt::format("names '{}', which a task of kind {} does not have", name, kind));
        fields.fail("metrics", fmt::format("names '{}'{}", name, suggestion(base, names_of(kind))));
    }
    if (base != name) {
        const bool there = std::any_of(task.filters.begin(), task.filters.end(),
                                       [&](const Filter& filter) { return filter.name() == metric.filter; });
        if (!there) fields.fail("metrics", fmt::format("names '{}', but there is no filter '{}'", name, metric.filter));
    }
    check_needs(fields, task, metric);
    return metric;
}

}  // namespace

void read_metrics(const Fields& fields, Task::Definition& task) {
    fields.required("metrics");
    const bool lower = fields.flag("lower_is_better");
    for (const std::string& name : fields.texts("metrics")) {
        MetricDefinition definition;
        Metric metric = metric_named(fields, task, name, definition);
        if (lower) definition.higher_is_better = false;
        const bool twice =
            std::any_of(task.metrics.begin(), task.metrics.end(), [&](const Metric& one) { return one.name == name; });
        if (twice) fields.fail("metrics", fmt::format("names '{}' twice", name));
        task.metrics.push_back(std::move(metric));
        task.metric_definitions.push_back(std::move(definition));
    }
    if (task.metrics.empty()) fields.fail("metrics", "is empty");
    for (const Filter& filter : task.filters) {
        const bool used = std::any_of(task.metrics.begin(), task.metrics.end(),
                                      [&](const Metric& one) { return one.filter == filter.name(); });
        if (!used)
            fields.fail("filters", fmt::format("has '{}', which no metric uses; metrics name it as in exact_match,{}",
                                               filter.name(), filter.name()));
        task.counters.push_back({"extraction_failed," + filter.name(), Aggregation::Mean, false});
    }
    if (const AnswerCounters counters = find_answer_counters(task.grader)) {
        for (const auto& [name, value] : counters("", "")) task.counters.push_back({name, Aggregation::Mean, false});
    }
    if (task.grader == "python") {
        for (const char* name : {"forged_pass", "touches_interpreter"})
            task.counters.push_back({name, Aggregation::Mean, false});
    }
    if (task.kind == RequestKind::Generate) {
        for (const char* name : {"empty_output", "length_limited"})
            task.counters.push_back({name, Aggregation::Mean, false});
    }
    if (task.kind != RequestKind::Rolling) task.counters.push_back({"prompt_truncated", Aggregation::Mean, false});
}

}  // namespace suites
