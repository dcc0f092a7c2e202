#include <algorithm>

#include "reports/sections/comparison.hpp"
#include "reports/sections/ladder.hpp"

namespace reports::sections {
namespace {

bool is_run_of(const data::LadderModel& model, const data::RunView& run) {
    return !run.imported && !model.fingerprint.empty() && run.fingerprint == model.fingerprint;
}

/// The paired difference of a metric; none when it could not be compared.
std::optional<statistics::Paired> paired_of(const Comparison& comparison, const data::MetricValues& metric) {
    for (const DifferenceRow& row : comparison.differences) {
        if (row.metric == &metric) return row.paired;
    }
    return std::nullopt;
}

/// Place of a score's task and metric in the reference's run; what that run lacks comes last.
std::pair<std::size_t, std::size_t> place_in(const data::RunView* reference, const LadderScore& score) {
    const std::size_t none = static_cast<std::size_t>(-1);
    if (reference == nullptr) return {none, none};
    for (std::size_t task = 0; task < reference->tasks.size(); ++task) {
        if (reference->tasks[task].task != score.task->task) continue;
        const auto& metrics = reference->tasks[task].metrics;
        const auto found = std::find_if(metrics.begin(), metrics.end(), [&score](const data::MetricValues& metric) {
            return metric.name == score.metric->name;
        });
        return {task, static_cast<std::size_t>(found - metrics.begin())};
    }
    return {none, none};
}

}  // namespace

std::optional<std::uint64_t> LadderScore::flips() const {
    if (!paired || !paired->mcnemar_p) return std::nullopt;
    return paired->higher_a + paired->higher_b;
}

std::vector<LadderScore> ladder_scores(const data::Report& report) {
    const std::vector<data::LadderModel>& models = report.ladder->models;
    const auto found = std::find_if(report.runs.begin(), report.runs.end(), [&models](const data::RunView& run) {
        return !models.empty() && is_run_of(models.front(), run);
    });
    const data::RunView* reference = found == report.runs.end() ? nullptr : &*found;
    std::vector<LadderScore> scores;
    for (std::size_t model = 0; model < models.size(); ++model) {
        for (const data::RunView& run : report.runs) {
            if (!is_run_of(models[model], run)) continue;
            const Comparison comparison =
                reference == nullptr || reference == &run ? Comparison() : compare(*reference, run);
            for (const data::TaskView& task : run.tasks) {
                for (const data::MetricValues& metric : task.metrics)
                    scores.push_back({model, &run, &task, &metric, paired_of(comparison, metric)});
            }
        }
    }
    std::stable_sort(scores.begin(), scores.end(), [reference](const LadderScore& a, const LadderScore& b) {
        return place_in(reference, a) < place_in(reference, b);
    });
    return scores;
}

}  // namespace reports::sections
