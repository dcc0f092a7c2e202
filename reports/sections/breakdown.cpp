#include "reports/sections/breakdown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "reports/sections/cells.hpp"
#include "reports/sections/pairing.hpp"
#include "reports/sections/scores.hpp"
#include "reports/sections/suite.hpp"
#include "reports/statistics/interval.hpp"
#include "reports/statistics/metric_interval.hpp"

namespace reports::sections {
namespace {

constexpr std::size_t kMinParts = 3;
constexpr std::size_t kMaxParts = 100;

using Sides = std::pair<data::ItemValues, data::ItemValues>;

Breakdown empty_breakdown(const std::string& suite, const data::MetricValues& metric, const char* parts_are) {
    Breakdown made;
    made.suite = suite;
    made.metric = metric.name;
    made.parts_are = parts_are;
    made.higher_is_better = metric.higher_is_better;
    made.is_share = statistics::is_share(metric.values);
    return made;
}

PartValue gain(std::size_t run, const statistics::Paired& paired, bool higher_is_better) {
    PartValue value{.run = run, .value = paired.difference, .ci95 = paired.ci95, .items = paired.items};
    if (higher_is_better) return value;
    value.value = -value.value;
    if (value.ci95) value.ci95 = data::Interval{-value.ci95->high, -value.ci95->low};
    return value;
}

/// The mean of some items of a metric; nullopt if none is scored.
std::optional<PartValue> score(const data::MetricValues& metric, data::ItemValues values) {
    const std::size_t scored = statistics::scored_items(values);
    if (scored == 0) return std::nullopt;
    data::MetricValues part{.name = metric.name, .values = std::move(values), .scale = metric.scale};
    double sum = 0;
    for (const std::optional<double>& value : part.values) sum += value.value_or(0);
    part.value = sum / static_cast<double>(scored);
    double squares = 0;
    for (const std::optional<double>& value : part.values) {
        if (value) squares += (*value - part.value) * (*value - part.value);
    }
    const auto n = static_cast<double>(scored);
    part.standard_error = scored > 1 ? std::sqrt(squares / (n - 1) / n) : 0;
    return PartValue{.run = 0, .value = part.value, .ci95 = statistics::metric95(part, scored), .items = scored};
}

void add_value(Breakdown& breakdown, const std::string& name, const PartValue& value) {
    const auto known = std::find_if(breakdown.parts.begin(), breakdown.parts.end(),
                                    [&name](const Part& part) { return part.name == name; });
    if (known == breakdown.parts.end()) {
        breakdown.parts.push_back({name, {value}});
    } else {
        known->values.push_back(value);
    }
}

/// "abstract_algebra" of "mmlu_abstract_algebra" in the suite "mmlu".
std::string part_name(const std::string& suite, const std::string& task) {
    const std::string prefix = suite + "_";
    return task.starts_with(prefix) && task.size() > prefix.size() ? task.substr(prefix.size()) : task;
}

Breakdown by_task(const std::vector<data::RunView>& runs, const Comparison& comparison, const Suite& suite,
                  const data::MetricValues& metric) {
    Breakdown made = empty_breakdown(suite.name, metric, "task");
    for (const data::TaskView* task : suite.tasks) {
        const data::MetricValues* own = headline_metric(*task);
        if (own == nullptr || own->name != metric.name) continue;
        made.is_share = made.is_share && statistics::is_share(own->values);
        made.tasks.push_back(task->task);
        if (runs.size() == 1) {
            if (auto value = score(*own, own->values)) add_value(made, part_name(suite.name, task->task), *value);
            continue;
        }
        for (const DifferenceRow& row : comparison.differences) {
            if (row.metric->name != metric.name || !same_task(*row.task, *task)) continue;
            add_value(made, part_name(suite.name, task->task),
                      gain(run_index(runs, row.run->id), row.paired, row.metric->higher_is_better));
        }
    }
    return made;
}

std::optional<double> value_at(const data::ItemValues& values, std::size_t item) {
    return item < values.size() ? values[item] : std::nullopt;
}

/// Scores of the items of each category; the second side is empty for a single run.
std::map<std::uint32_t, Sides> by_category(const data::Categories& categories, const data::ItemValues& base,
                                           const Pairing* pairing, const data::ItemValues& other) {
    std::map<std::uint32_t, Sides> sides;
    const auto add = [&](std::size_t item, const std::optional<double>& second) {
        if (item >= categories.of_item.size() || categories.of_item[item] >= categories.names.size()) return;
        Sides& of_category = sides[categories.of_item[item]];
        of_category.first.push_back(value_at(base, item));
        of_category.second.push_back(second);
    };
    if (pairing == nullptr) {
        for (std::size_t item = 0; item < base.size(); ++item) add(item, std::nullopt);
    } else {
        for (const auto& [of_base, of_other] : pairing->pairs) add(of_base, value_at(other, of_other));
    }
    return sides;
}

bool has_parts(std::size_t parts) {
    return parts >= kMinParts && parts <= kMaxParts;
}

Breakdown by_category(const std::vector<data::RunView>& runs, const Comparison& comparison, const data::TaskView& task,
                      const data::MetricValues& metric) {
    Breakdown made = empty_breakdown(task.task, metric, "category");
    if (runs.size() == 1) {
        for (auto& [category, values] : by_category(task.categories, metric.values, nullptr, {})) {
            if (auto value = score(metric, std::move(values.first)))
                add_value(made, task.categories.names[category], *value);
        }
        return made;
    }
    for (const DifferenceRow& row : comparison.differences) {
        if (row.metric->name != metric.name || !same_task(*row.task, task)) continue;
        const Pairing pairing = pair_documents(task.docs, row.task->docs);
        for (const auto& [category, values] :
             by_category(task.categories, metric.values, &pairing, row.metric->values)) {
            if (const auto paired = statistics::compare_paired(values.first, values.second))
                add_value(made, task.categories.names[category],
                          gain(run_index(runs, row.run->id), *paired, metric.higher_is_better));
        }
    }
    return made;
}

std::string caption_of(const std::vector<data::RunView>& runs, const Breakdown& breakdown) {
    const std::string metric = name_text(breakdown.metric);
    if (!breakdown.is_difference)
        return fmt::format("{}, {} is better; largest first.", metric, breakdown.higher_is_better ? "higher" : "lower");
    return fmt::format(
        "Gain over {}: the paired difference of {}{}, largest first. For exploring: nothing is adjusted for the number "
        "of parts, so without any difference about one interval in twenty excludes 0.",
        run_name(runs.front()), metric,
        breakdown.higher_is_better ? "" : " with its sign turned, since lower is better");
}

void add(Breakdown made, bool is_difference, std::vector<Breakdown>& found) {
    if (!has_parts(made.parts.size())) return;
    made.is_difference = is_difference;
    std::stable_sort(made.parts.begin(), made.parts.end(),
                     [](const Part& a, const Part& b) { return a.values.front().value > b.values.front().value; });
    found.push_back(std::move(made));
}

}  // namespace

std::vector<Breakdown> breakdowns(const std::vector<data::RunView>& runs, const Comparison& comparison) {
    std::vector<Breakdown> found;
    if (runs.empty()) return found;
    const bool is_difference = runs.size() > 1;
    for (const Suite& suite : suites_of(runs.front())) {
        const data::MetricValues* metric = headline_metric(*suite.tasks.front());
        if (metric == nullptr || metric->values.empty()) continue;
        if (suite.group != nullptr) {
            add(by_task(runs, comparison, suite, *metric), is_difference, found);
        } else if (has_parts(suite.tasks.front()->categories.names.size())) {
            add(by_category(runs, comparison, *suite.tasks.front(), *metric), is_difference, found);
        }
    }
    return found;
}

Table breakdown_table(const std::vector<data::RunView>& runs, const Breakdown& breakdown) {
    using enum Column;
    Table table{
        .heading = fmt::format("{} by {}", name_text(breakdown.suite), breakdown.parts_are),
        .caption = caption_of(runs, breakdown),
        .titles = {breakdown.parts_are, "run", breakdown.is_difference ? "gain" : "value", "95 % interval", "n"},
        .columns = {Key, Run, Number, Number, Number},
        .rows = {},
        .run_of_row = {}};
    for (const Part& part : breakdown.parts) {
        for (const PartValue& value : part.values) {
            add_row(
                table,
                {name_text(part.name), run_name(runs[value.run]),
                 breakdown.is_difference ? signed_number(value.value) : number(value.value),
                 breakdown.is_difference ? signed_range(value.ci95) : range(value.ci95), std::to_string(value.items)},
                value.run);
        }
    }
    return table;
}

std::vector<std::string> tasks_in(const std::vector<Breakdown>& breakdowns) {
    std::vector<std::string> names;
    for (const Breakdown& breakdown : breakdowns)
        names.insert(names.end(), breakdown.tasks.begin(), breakdown.tasks.end());
    return names;
}

}  // namespace reports::sections
