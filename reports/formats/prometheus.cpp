// Renders a run and a gate's verdict in Prometheus' text format.

#include "reports/formats/prometheus.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "reports/gate/judge.hpp"
#include "reports/gate/tables.hpp"
#include "reports/sections/scores.hpp"
#include "reports/text/plain_text.hpp"

namespace reports::formats {
namespace {

using Labels = std::vector<std::pair<const char*, std::string>>;

/// Backslash, quote and line feed are escaped; control characters are visible.
std::string label_value(const std::string& text) {
    std::string escaped;
    for (const char one : text::visible(text, text::Lines::Keep)) {
        if (one == '\n') {
            escaped += "\\n";
            continue;
        }
        if (one == '\\' || one == '"') escaped += '\\';
        escaped += one;
    }
    return escaped;
}

std::string label_set(const Labels& labels) {
    std::string set;
    for (const auto& [name, value] : labels)
        set += fmt::format("{}{}=\"{}\"", set.empty() ? "" : ",", name, label_value(value));
    return set.empty() ? "" : fmt::format("{{{}}}", set);
}

/// A gauge with its samples. One without samples is left out.
class Gauge {
public:
    Gauge(std::string name, const std::string& help) : name_(std::move(name)) {
        head_ = fmt::format("# HELP bellwether_{0} {1}\n# TYPE bellwether_{0} gauge\n", name_, help);
    }
    void add(const Labels& labels, const std::optional<double>& value) {
        if (!value || !std::isfinite(*value)) return;
        samples_ += fmt::format("bellwether_{}{} {}\n", name_, label_set(labels), *value);
    }
    std::string text() const { return samples_.empty() ? "" : head_ + samples_; }

private:
    std::string name_;
    std::string head_;
    std::string samples_;
};

std::string joined(const std::vector<Gauge>& gauges) {
    std::string text;
    for (const Gauge& gauge : gauges) text += gauge.text();
    return text;
}

std::string task_gauges(const data::RunView& run) {
    Gauge score("score", "Value of a metric over the items of a task.");
    Gauge error("score_standard_error", "Standard error of bellwether_score.");
    Gauge items("items", "Items of a task with a result.");
    Gauge planned("items_planned", "Items of a task that were planned.");
    Gauge errors("item_errors", "Items of a task that the model could not answer.");
    for (const data::TaskView& task : run.tasks) {
        const Labels labels = {{"model", run.variant}, {"task", task.task}, {"profile", task.profile}};
        for (const data::MetricValues& metric : task.metrics) {
            const sections::ScoreRow row = sections::score_row(run, task, metric);
            Labels of_metric = labels;
            of_metric.emplace_back("metric", metric.name);
            score.add(of_metric, metric.value);
            error.add(of_metric, row.standard_error);
        }
        items.add(labels, static_cast<double>(task.items));
        planned.add(labels, static_cast<double>(task.planned));
        errors.add(labels, static_cast<double>(task.errors));
    }
    return joined({score, error, items, planned, errors});
}

std::string group_gauges(const data::RunView& run) {
    Gauge score("group_score", "Mean over the tasks of a group.");
    Gauge error("group_score_standard_error", "Standard error of bellwether_group_score.");
    for (const data::GroupView& group : run.groups) {
        const Labels labels = {{"model", run.variant}, {"group", group.group}, {"profile", group.profile}};
        score.add(labels, group.value);
        error.add(labels, group.standard_error);
    }
    return joined({score, error});
}

std::string setting_of(const data::RunView& run, const std::string& name) {
    for (const data::Setting& setting : run.settings) {
        if (setting.name == name) return setting.value;
    }
    return "";
}

std::string run_gauges(const data::RunView& run, const RunTimes& times) {
    const Labels labels = {{"model", run.variant}};
    Gauge info("run_info", "1; the labels say which run the other values are of.");
    info.add({{"model", run.variant},
              {"run", std::to_string(run.id)},
              {"fingerprint", run.fingerprint},
              {"device", setting_of(run, "device")},
              {"numerics", setting_of(run, "numerics")},
              {"engine_version", setting_of(run, "engine version")}},
             1);
    Gauge complete("run_complete", "Whether all planned items are there.");
    complete.add(labels, run.complete ? 1 : 0);
    Gauge created("run_created_timestamp_seconds", "When the run was planned. Unix time.");
    created.add(labels, times.created);
    Gauge finished("run_finished_timestamp_seconds", "When the run was complete. Unix time.");
    finished.add(labels, times.finished);
    Gauge duration("run_duration_seconds", "From plan to completion, pauses between calls included.");
    if (times.created && times.finished) duration.add(labels, *times.finished - *times.created);
    return joined({info, complete, created, finished, duration});
}

constexpr std::array kStatuses = {data::GateStatus::Pass, data::GateStatus::Inconclusive, data::GateStatus::Incomplete,
                                  data::GateStatus::Regression, data::GateStatus::NotComparable};

/// One sample for each status: 1 for the one that holds.
void add_status(Gauge& gauge, const Labels& labels, data::GateStatus holds) {
    for (const data::GateStatus status : kStatuses) {
        Labels with = labels;
        with.emplace_back("status", gate::to_string(status));
        gauge.add(with, status == holds ? 1 : 0);
    }
}

}  // namespace

std::string render_prometheus(const data::RunView& run, const RunTimes& times) {
    return task_gauges(run) + group_gauges(run) + run_gauges(run, times);
}

std::string render_prometheus(const data::GateVerdict& verdict) {
    Gauge code("gate_exit_code",
               "Exit code of the gate: 0 pass, 1 regression, 3 incomplete, 4 not comparable, "
               "5 inconclusive and strict.");
    code.add({}, gate::exit_code(verdict));
    Gauge status("gate_status", "1 for the status of the gate, 0 for the others.");
    add_status(status, {}, verdict.status);
    Gauge suite_status("gate_suite_status", "1 for the status of the suite, 0 for the others.");
    Gauge items("gate_suite_items", "Items of a suite that both runs have.");
    Gauge before("gate_suite_before", "Value of the baseline.");
    Gauge after("gate_suite_after", "Value of the run.");
    Gauge difference("gate_suite_difference", "Change of the suite, positive where it became better.");
    Gauge margin("gate_suite_margin", "Largest drop that is accepted.");
    Gauge p("gate_suite_p_value", "p value of a drop larger than the margin, adjusted for the suites of its tier.");
    Gauge worse("gate_suite_worse", "Items whose score became worse.");
    Gauge better("gate_suite_better", "Items whose score became better.");
    for (const data::SuiteVerdict& suite : verdict.suites) {
        const Labels labels = {
            {"suite", suite.rule.suite}, {"metric", suite.metric}, {"tier", gate::to_string(suite.rule.tier)}};
        add_status(suite_status, labels, suite.status);
        items.add(labels, static_cast<double>(suite.items));
        before.add(labels, suite.before);
        after.add(labels, suite.after);
        difference.add(labels, suite.difference);
        margin.add(labels, suite.margin);
        p.add(labels, suite.p);
        worse.add(labels, static_cast<double>(suite.worse));
        better.add(labels, static_cast<double>(suite.better));
    }
    return joined({code, status, suite_status, items, before, after, difference, margin, p, worse, better});
}

}  // namespace reports::formats
