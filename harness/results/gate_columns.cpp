#include "harness/results/gate_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "harness/results/gate_safety.hpp"
#include "harness/results/later_scores.hpp"
#include "harness/results/scorer_identity.hpp"
#include "harness/results/task_record.hpp"
#include "harness/store/item_reader.hpp"
#include "harness/store/score_store.hpp"

namespace harness::results {
namespace {

using reports::data::ItemValues;
using reports::data::MetricValues;
using reports::data::TaskView;

MetricValues* find_metric(TaskView& task, const std::string& name) {
    const auto found = std::find_if(task.metrics.begin(), task.metrics.end(),
                                    [&name](const MetricValues& metric) { return metric.name == name; });
    return found == task.metrics.end() ? nullptr : &*found;
}

/// The likelihoods of documents by their number of words or bytes: minus the log-likelihood of one, which for a
/// perplexity is the logarithm of the document's own value.
void add_parts(const suites::MetricDefinition& definition, const store::RunTaskRow& row,
               const store::TaskColumns& columns, MetricValues& metric) {
    const bool is_mean = definition.aggregation == suites::Aggregation::ExpMinusMean;
    const std::string_view units = suites::units_of(definition.aggregation);
    if (!is_mean && units.empty()) return;
    const store::ScoreColumn* likelihoods =
        columns.find(is_mean ? std::string_view(definition.name) : "loglikelihood", row.scorer.id);
    const store::ScoreColumn* sizes = is_mean ? nullptr : columns.find(units, row.scorer.id);
    if (likelihoods == nullptr || (!is_mean && sizes == nullptr)) return;
    const bool is_bits = definition.aggregation == suites::Aggregation::BitsPerByte;
    metric.scale = is_bits ? reports::data::Scale::Plain : reports::data::Scale::Exponential;
    metric.values.assign(columns.docs.size(), std::nullopt);
    metric.weights.assign(columns.docs.size(), 1.0);
    for (std::size_t i = 0; i < columns.docs.size(); ++i) {
        const std::optional<double> likelihood = likelihoods->values.at(i);
        const std::optional<double> size = is_mean ? std::optional(1.0) : sizes->values.at(i);
        if (!likelihood || !size || *size <= 0) continue;
        metric.values[i] = -*likelihood / *size / (is_bits ? std::log(2.0) : 1);
        metric.weights[i] = *size;
    }
    if (is_mean) metric.weights.clear();
}

/// The values of each answer, of a task with several to a prompt.
void add_repeats(const store::RunStore& runs, const store::RunTaskRow& row, const LaterScorers& scorers,
                 TaskView& task) {
    std::map<std::string, std::vector<ItemValues>> repeats;
    const std::size_t items = task.docs.numbers.size();
    store::ItemReader reader(runs, row.id);
    for (std::size_t i = 0; i < items; ++i) {
        const store::ItemRow* item = reader.next();
        if (item == nullptr) break;
        for (const store::ScoreRow& score : item->later) {
            if (!score.position || scorers.name(score.scorer) == nullptr) continue;
            std::vector<ItemValues>& of_metric = repeats[scorers.metric_name(score.scorer, score.metric)];
            if (of_metric.size() <= *score.position) of_metric.resize(*score.position + 1, ItemValues(items));
            of_metric[*score.position][i] = score.value;
        }
    }
    for (auto& [name, of_metric] : repeats) {
        MetricValues* metric = find_metric(task, name);
        if (metric != nullptr && of_metric.size() > 1) metric->repeats = std::move(of_metric);
    }
}

}  // namespace

void add_gate_columns(const store::RunStore& runs, const store::RunRow& run, reports::data::RunView& view) {
    const store::ScoreStore scores(runs.database());
    const std::vector<store::TaskColumns> columns = scores.columns(run.id);
    const std::vector<store::ScorerRow> rows = scores.scorers(run.id);
    const LaterScorers scorers(rows);
    const std::vector<store::RunTaskRow> tasks = runs.tasks(run.id);
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        TaskView& task = view.tasks.at(i);
        const TaskRecord record(tasks[i]);
        for (const suites::MetricDefinition& definition : record.metrics()) {
            if (MetricValues* metric = find_metric(task, definition.name))
                add_parts(definition, tasks[i], columns.at(i), *metric);
        }
        bool has_later = false;
        for (const store::ScoreColumn& column : columns.at(i).columns) {
            if (scorers.name(column.scorer) == nullptr) continue;
            has_later = true;
            const auto row = std::find_if(rows.begin(), rows.end(),
                                          [&](const store::ScorerRow& one) { return one.id == column.scorer; });
            if (MetricValues* metric = find_metric(task, scorers.metric_name(column.scorer, column.metric)))
                metric->scorer = scorer_identity(*row, column.metric);
        }
        if (has_later) add_repeats(runs, tasks[i], scorers, task);
    }
    add_safety_columns(runs, run, rows, view);
}

}  // namespace harness::results
