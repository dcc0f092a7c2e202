#include "reports/gate/joined_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "reports/gate/judge.hpp"
#include "reports/sections/pairing.hpp"
#include "reports/sections/scores.hpp"
#include "reports/sections/settings.hpp"

namespace reports::gate {
namespace {

/// For every item of the first task its index in the other; nullopt where they were asked different questions.
std::optional<std::vector<std::size_t>> same_items(const data::TaskView& first, const data::TaskView& other) {
    const sections::Pairing pairing = sections::pair_documents(first.docs, other.docs);
    if (!sections::same_task(first, other) || !pairing.only_a.empty() || !pairing.only_b.empty()) return std::nullopt;
    std::vector<std::size_t> index(first.docs.numbers.size());
    for (const auto& [a, b] : pairing.pairs) {
        if (first.docs.asked.at(a) != other.docs.asked.at(b)) return std::nullopt;
        index[a] = b;
    }
    return index;
}

void add_values(const data::MetricValues& other, const std::vector<std::size_t>& index, data::MetricValues& metric) {
    data::ItemValues values(index.size());
    for (std::size_t i = 0; i < index.size(); ++i) values[i] = other.values.at(index[i]);
    metric.repeats.push_back(std::move(values));
}

/// Takes the other run's values into every metric that both have, and drops the rest.
void add_task(const data::TaskView& other, const std::vector<std::size_t>& index, data::TaskView& task) {
    std::erase_if(task.metrics, [&](data::MetricValues& metric) {
        const data::MetricValues* found = sections::find_metric(other, metric.name);
        if (metric.values.empty()) return false;
        if (found == nullptr || found->values.empty() || found->scorer != metric.scorer) return true;
        add_values(*found, index, metric);
        return false;
    });
}

/// The aggregate of the joined values is left out: a gate computes its own over the pairs.
void take_means(data::MetricValues& metric) {
    if (metric.repeats.empty()) return;
    metric.value = std::nan("");
    metric.standard_error = std::nan("");
    for (std::size_t item = 0; item < metric.values.size(); ++item) {
        double sum = 0;
        bool is_scored = true;
        for (const data::ItemValues& repeat : metric.repeats) {
            is_scored = is_scored && repeat[item].has_value();
            sum += repeat[item].value_or(0);
        }
        metric.values[item] =
            is_scored ? std::optional(sum / static_cast<double>(metric.repeats.size())) : std::nullopt;
    }
}

/// Sets the differing settings of the joined run; what may not differ is an obstacle.
std::string join_settings(const std::vector<data::RunView>& runs, data::RunView& joined) {
    for (const sections::SettingDifference& difference : sections::setting_differences(runs)) {
        std::string values;
        for (const std::optional<std::string>& value : difference.values)
            values += (values.empty() ? "" : ", ") + value.value_or("not set");
        if (difference.task.empty() && difference.name == kRepeatSetting) {
            for (data::Setting& setting : joined.settings) {
                if (setting.name == kRepeatSetting) setting.value = values;
            }
        } else if (!may_always_differ(difference.name)) {
            return fmt::format("the runs are no repeats of one run: {} is {}", difference.name, values);
        }
    }
    return "";
}

}  // namespace

JoinedRuns joined_runs(const std::vector<data::RunView>& runs) {
    JoinedRuns joined{.run = runs.front()};
    if (runs.size() == 1) return joined;
    joined.obstacle = join_settings(runs, joined.run);
    for (data::TaskView& task : joined.run.tasks) {
        for (data::MetricValues& metric : task.metrics) {
            if (!metric.values.empty()) metric.repeats = {metric.values};
        }
        for (std::size_t i = 1; i < runs.size(); ++i) {
            const data::TaskView* other = sections::task_named(runs[i], task.task);
            const auto index = other == nullptr ? std::nullopt : same_items(task, *other);
            if (!index) {
                joined.obstacle = fmt::format("runs {} and {} did not answer the same items of {}", runs.front().id,
                                              runs[i].id, task.task);
                return joined;
            }
            add_task(*other, *index, task);
        }
        for (data::MetricValues& metric : task.metrics) take_means(metric);
    }
    return joined;
}

}  // namespace reports::gate
