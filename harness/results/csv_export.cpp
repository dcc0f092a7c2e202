#include "harness/results/csv_export.hpp"

#include <map>
#include <string>
#include <vector>

#include "harness/results/later_scores.hpp"
#include "harness/store/item_reader.hpp"
#include "harness/store/score_store.hpp"
#include "reports/text/csv.hpp"

namespace harness::results {
namespace {

using reports::text::csv_text;

/// The names of all scores of a run: those of the tasks, then later ones, each in the order in which they are met.
class ScoreNames {
public:
    ScoreNames(const store::RunStore& runs, const std::vector<store::RunTaskRow>& tasks,
               const store::ScoreStore& scores, const LaterScorers& scorers) {
        for (const store::RunTaskRow& task : tasks) {
            for (const store::MetricRow& metric : task.metrics) add(metric.name);
        }
        for (const store::RunTaskRow& task : tasks) {
            for (const store::ScoreColumn& column : scores.task_columns(task.id).columns) {
                if (column.scorer == task.scorer.id) add(column.metric);
            }
        }
        if (!scorers.empty()) add_later(runs, tasks, scorers);
    }
    const std::vector<std::string>& names() const { return names_; }

    /// The cells of an item, one for each name.
    std::vector<std::string> cells(const store::ItemRow& item, const LaterScorers& scorers) const {
        std::vector<std::string> cells(names_.size());
        const auto set = [&](const std::string& name, const std::optional<double>& value) {
            if (value) cells.at(columns_.at(name)) = reports::text::csv_number(*value);
        };
        for (const store::ScoreRow& score : item.scores) set(score.metric, score.value);
        for (const auto& [name, score] : later_scores(item, scorers)) set(name, score.value);
        return cells;
    }

private:
    /// Names of later scores depend on how many answers an item has, which the columns do not tell.
    void add_later(const store::RunStore& runs, const std::vector<store::RunTaskRow>& tasks,
                   const LaterScorers& scorers) {
        for (const store::RunTaskRow& task : tasks) {
            store::ItemReader items(runs, task.id);
            while (const store::ItemRow* item = items.next()) {
                for (const auto& [name, score] : later_scores(*item, scorers)) add(name);
            }
        }
    }

    void add(const std::string& name) {
        if (columns_.try_emplace(name, names_.size()).second) names_.push_back(name);
    }

    std::vector<std::string> names_;
    std::map<std::string, std::size_t> columns_;
};

std::vector<std::string> item_cells(const store::RunTaskRow& task, const store::ItemRow& item) {
    const bool is_asked = !item.requests.empty();
    return {csv_text(task.task),
            std::to_string(item.doc),
            csv_text(item.target),
            is_asked ? csv_text(item.requests.front().context) : "",
            is_asked ? csv_text(item.requests.front().output) : "",
            csv_text(item.error)};
}

}  // namespace

void export_csv(const store::RunStore& runs, const store::RunRow& run,
                const std::function<void(std::string_view)>& write) {
    const store::ScoreStore stored(runs.database());
    const LaterScorers scorers(stored.scorers(run.id));
    const std::vector<store::RunTaskRow> tasks = runs.tasks(run.id);
    const ScoreNames scores(runs, tasks, stored, scorers);
    std::vector<std::string> header = {"task", "doc", "target", "prompt", "output", "error"};
    for (const std::string& name : scores.names()) header.push_back(csv_text(name));
    write(reports::text::csv_line(header));
    for (const store::RunTaskRow& task : tasks) {
        store::ItemReader items(runs, task.id);
        while (const store::ItemRow* item = items.next()) {
            std::vector<std::string> cells = item_cells(task, *item);
            for (std::string& cell : scores.cells(*item, scorers)) cells.push_back(std::move(cell));
            write(reports::text::csv_line(cells));
        }
    }
}

}  // namespace harness::results
