#include "reports/render.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/summary.hpp"

namespace reports {
namespace {

using nlohmann::json;
using Cells = std::vector<std::string>;

std::string arrow(const MetricValues& metric) { return metric.higher_is_better ? "higher" : "lower"; }

std::string name_of(const RunView& run) { return fmt::format("{} (run {})", run.variant, run.id); }

Cells summary_head() { return {"task", "metric", "better", "run", "value", "std. error", "95 % interval", "items", "errors"}; }

Cells summary_cells(const SummaryRow& row) {
    return {row.task->task, row.metric->name, arrow(*row.metric), name_of(*row.run), fmt::format("{:.4f}", row.metric->value),
            fmt::format("{:.4f}", row.metric->standard_error), fmt::format("{:.4f} to {:.4f}", row.ci95.low, row.ci95.high),
            std::to_string(row.task->items), std::to_string(row.task->errors)};
}

Cells difference_head() { return {"task", "metric", "run", "against", "difference", "std. error", "95 % interval", "McNemar p", "detectable", "verdict"}; }

Cells difference_cells(const DifferenceRow& row) {
    const Paired& p = row.paired;
    return {row.task->task, row.metric->name, name_of(*row.run), name_of(*row.base), fmt::format("{:+.4f}", p.difference),
            fmt::format("{:.4f}", p.standard_error), fmt::format("{:+.4f} to {:+.4f}", p.ci95.low, p.ci95.high),
            p.mcnemar_p ? fmt::format("{:.2g}", *p.mcnemar_p) : "-", fmt::format("{:.4f}", p.minimum_detectable), row.verdict};
}

std::vector<Cells> summary_table(const std::vector<RunView>& runs) {
    std::vector<Cells> table = {summary_head()};
    for (const SummaryRow& row : summarise(runs)) table.push_back(summary_cells(row));
    return table;
}

std::vector<Cells> difference_table(const std::vector<RunView>& runs) {
    std::vector<Cells> table = {difference_head()};
    for (const DifferenceRow& row : differences(runs)) table.push_back(difference_cells(row));
    return table;
}

/// Control characters would move the cursor, and a table's cell is one line.
std::string plain(const std::string& text) {
    std::string result;
    for (const char c : text) result += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
    return result;
}

std::string columns(const std::vector<Cells>& table) {
    std::vector<std::size_t> widths(table[0].size());
    for (const Cells& row : table) {
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    std::string text;
    for (const Cells& row : table) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) line += fmt::format("{:<{}}  ", plain(row[i]), widths[i]);
        text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return text;
}

std::string pipes(const std::vector<Cells>& table) {
    std::string text;
    for (std::size_t row = 0; row < table.size(); ++row) {
        text += "|";
        for (const std::string& cell : table[row]) {
            std::string safe;
            for (const char c : plain(cell)) {
                if (std::string_view("|\\`*_<>[]").find(c) != std::string_view::npos) safe += '\\';
                safe += c;
            }
            text += " " + safe + " |";
        }
        text += "\n";
        if (row == 0) {
            for (std::size_t i = 0; i < table[0].size(); ++i) text += "|---";
            text += "|\n";
        }
    }
    return text;
}

json metric_json(const MetricValues& metric) {
    const Interval ci = interval95(metric.value, metric.standard_error, metric.values);
    return {{"name", metric.name}, {"value", metric.value}, {"stderr", metric.standard_error}, {"ci95", {ci.low, ci.high}}};
}

json run_json(const RunView& run) {
    json tasks = json::array();
    for (const TaskView& task : run.tasks) {
        json metrics = json::array();
        for (const MetricValues& metric : task.metrics) metrics.push_back(metric_json(metric));
        tasks.push_back({{"task", task.task}, {"profile", task.profile}, {"fewshot", task.fewshot}, {"items", task.items}, {"errors", task.errors},
                         {"metrics", std::move(metrics)}});
    }
    return {{"run", run.id}, {"model", run.variant}, {"tasks", std::move(tasks)}};
}

}  // namespace

std::string render_terminal(const std::vector<RunView>& runs) {
    std::string text = columns(summary_table(runs));
    const std::vector<Cells> paired = difference_table(runs);
    if (paired.size() > 1) text += "\nPaired differences over shared items (detectable: seen with 80 % power)\n" + columns(paired);
    return text;
}

std::string render_markdown(const std::vector<RunView>& runs) {
    std::string text = "# Bellwether report\n\n" + pipes(summary_table(runs));
    const std::vector<Cells> paired = difference_table(runs);
    if (paired.size() > 1) text += "\n## Paired differences\n\n" + pipes(paired);
    return text;
}

std::string render_run_json(const RunView& run) { return run_json(run).dump(-1, ' ', false, json::error_handler_t::replace); }

std::string render_json(const std::vector<RunView>& runs) {
    json document = {{"runs", json::array()}, {"differences", json::array()}};
    for (const RunView& run : runs) document["runs"].push_back(run_json(run));
    for (const DifferenceRow& row : differences(runs)) {
        const Paired& p = row.paired;
        document["differences"].push_back({{"task", row.task->task}, {"metric", row.metric->name}, {"base", row.base->id}, {"run", row.run->id},
                                           {"items", p.items}, {"difference", p.difference}, {"stderr", p.standard_error},
                                           {"ci95", {p.ci95.low, p.ci95.high}}, {"mcnemar_p", p.mcnemar_p ? json(*p.mcnemar_p) : json(nullptr)},
                                           {"minimum_detectable", p.minimum_detectable}, {"verdict", row.verdict}});
    }
    return document.dump(2, ' ', false, json::error_handler_t::replace);
}

}  // namespace reports
