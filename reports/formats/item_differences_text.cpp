// Renders the differences of two runs, item by item, as plain text.

#include <fmt/format.h>

#include <algorithm>

#include "reports/formats/item_differences.hpp"
#include "reports/formats/render.hpp"
#include "reports/formats/text_lines.hpp"
#include "reports/sections/cells.hpp"
#include "reports/sections/settings.hpp"
#include "reports/text/excerpt.hpp"

namespace reports::formats {
namespace {

using data::Both;
using data::ItemDifference;
using data::RequestDifference;
using data::RunDifference;
using data::TaskDifference;

constexpr std::size_t kItem = 4;  // indent of a difference in an item
constexpr std::size_t kSide = 6;  // indent of each run's value

void add_strings(const std::string& what, const Both<std::string>& both, TextLines& lines) {
    const bool whole = both.first && both.second;
    const std::size_t place = whole ? text::parting(*both.first, *both.second) : 0;
    const auto side = [place](const std::optional<std::string>& text) {
        return text ? text::excerpt(*text, place) : "none";
    };
    lines.add(whole ? fmt::format("{}, from byte {}", what, place) : what, kItem);
    lines.add("first:  " + side(both.first), kSide);
    lines.add("second: " + side(both.second), kSide);
}

std::string number(const std::optional<double>& value) {
    return value ? fmt::format("{}", *value) : "unscored";
}

void add_request(const RequestDifference& request, TextLines& lines) {
    const std::string of = fmt::format(" of request {}", request.position);
    if (request.prompt) add_strings("prompt" + of, *request.prompt, lines);
    if (request.continuation) add_strings("continuation" + of, *request.continuation, lines);
    if (request.output) add_strings("output" + of, *request.output, lines);
    if (!request.logprob) return;
    const double first = *request.logprob->first;
    const double second = *request.logprob->second;
    lines.add(fmt::format("log-probability{}: {} | {} ({:+.3g})", of, first, second, second - first), kItem);
}

void add_item(const std::string& task, const ItemDifference& item, TextLines& lines) {
    lines.blank();
    lines.add(fmt::format("{} document {}{}", task, item.doc,
                          item.doc == item.second_doc ? "" : fmt::format(" ({} of the second)", item.second_doc)));
    for (const RequestDifference& request : item.requests) add_request(request, lines);
    for (const auto& [metric, both] : item.verdicts)
        lines.add(fmt::format("{}: {} | {}", metric, number(both.first), number(both.second)), kItem);
    if (item.error) add_strings("error", *item.error, lines);
}

void add_documents(std::int64_t run, const std::vector<std::uint64_t>& docs, TextLines& lines) {
    constexpr std::size_t kShown = 20;
    if (docs.empty()) return;
    const auto end = docs.begin() + static_cast<std::ptrdiff_t>(std::min(docs.size(), kShown));
    lines.add(fmt::format("only in run {}: {}, number {}{}", run, sections::counted(docs.size(), "document"),
                          fmt::join(docs.begin(), end, ", "), docs.size() > kShown ? ", ..." : ""),
              2);
}

void add_task(const RunDifference& difference, const TaskDifference& task, const data::DifferenceCounts& counts,
              TextLines& lines) {
    lines.add(
        fmt::format("{}: {} documents compared, {} differ (prompt {}, continuation {}, output {}, log-probability by "
                    "more than {:g} {}, verdict {}); largest log-probability difference {:.3g}",
                    task.task, task.compared, counts.items, counts.prompts, counts.continuations, counts.outputs,
                    difference.tolerance, counts.logprobs, counts.verdicts, task.largest_logprob));
    if (task.by_number) lines.add("documents are paired by number: the two tools stored different columns of them", 2);
    if (task.same_as_kept > 0) {
        lines.add(
            fmt::format("{} taken as equal although they differ in the first space or from a stop string on, which "
                        "lm-evaluation-harness does not keep",
                        sections::counted(task.same_as_kept, "output")),
            2);
    }
    add_documents(difference.first, task.only_first, lines);
    add_documents(difference.second, task.only_second, lines);
    if (!task.unshared_metrics.empty())
        lines.add(fmt::format("metrics that only one of the runs has: {}", fmt::join(task.unshared_metrics, ", ")), 2);
}

}  // namespace

void write_terminal(const RunDifference& difference, const data::ItemStream& stream, std::size_t width,
                    const Write& write) {
    TextLines lines(width);
    const sections::Table settings = sections::setting_difference_table(difference.runs);
    if (!settings.rows.empty()) {
        lines.add(settings.heading);
        lines.add_table(settings);
        lines.blank();
    }
    for (std::size_t task = 0; task < difference.tasks.size(); ++task)
        add_task(difference, difference.tasks[task], stream.counts.at(task), lines);
    for (const std::string& task : difference.only_first)
        lines.add(fmt::format("{}: only in run {}", task, difference.first));
    for (const std::string& task : difference.only_second)
        lines.add(fmt::format("{}: only in run {}", task, difference.second));
    write(lines.text());
    for (std::size_t task = 0; task < difference.tasks.size(); ++task) {
        const std::string& name = difference.tasks[task].task;
        std::uint64_t shown = 0;
        stream.items(task, [&](const ItemDifference& item) {
            TextLines of_item(width);
            add_item(name, item, of_item);
            write(of_item.text());
            ++shown;
        });
        if (const std::uint64_t more = stream.counts.at(task).items - shown; more > 0)
            write(fmt::format("\n{}: {} with differences\n", name, sections::counted(more, "more document")));
    }
}

std::string render_terminal(const RunDifference& difference, std::size_t width) {
    std::string text;
    write_terminal(difference, data::items_of(difference), width, [&text](std::string_view part) { text += part; });
    return text;
}

}  // namespace reports::formats
