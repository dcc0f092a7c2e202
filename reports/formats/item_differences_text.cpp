// Differences of two runs, item by item, as plain text.

#include <fmt/format.h>

#include <algorithm>

#include "reports/formats/render.hpp"
#include "reports/text/plain_text.hpp"

namespace reports::formats {
namespace {

using data::Both;
using data::ItemDifference;
using data::RequestDifference;
using data::RunDifference;
using data::TaskDifference;

/// How much of a text is shown before and after the place where two part.
constexpr std::size_t kBefore = 30;
constexpr std::size_t kAfter = 50;

/// In quotes, on one line, without control characters. `from` is where to begin, with an ellipsis.
bool inside_character(const std::string& text, std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

std::string excerpt(const std::string& text, std::size_t from) {
    std::size_t end = std::min(text.size(), from + kBefore + kAfter);
    while (end < text.size() && inside_character(text, end)) ++end;
    std::string shown;
    for (std::size_t at = from; at < end;) {
        const std::size_t line = std::min(text.find('\n', at), end);
        shown += text::visible(std::string_view(text).substr(at, line - at), text::Lines::Escape);
        if (line < end) shown += "\\n";
        at = line + 1;
    }
    return (from > 0 ? "...\"" : "\"") + shown + (end < text.size() ? "\"..." : "\"");
}

std::string text_lines(const std::string& what, const Both<std::string>& both) {
    if (!both.first || !both.second) {
        const auto side = [](const std::optional<std::string>& text) { return text ? excerpt(*text, 0) : "none"; };
        return fmt::format("    {}\n      first:  {}\n      second: {}\n", what, side(both.first), side(both.second));
    }
    const auto parting =
        std::mismatch(both.first->begin(), both.first->end(), both.second->begin(), both.second->end());
    const auto place = static_cast<std::size_t>(parting.first - both.first->begin());
    std::size_t from = place > kBefore ? place - kBefore : 0;
    while (from > 0 && inside_character(*both.first, from)) --from;
    return fmt::format("    {}, from byte {}\n      first:  {}\n      second: {}\n", what, place,
                       excerpt(*both.first, from), excerpt(*both.second, from));
}

std::string number(const std::optional<double>& value) {
    return value ? fmt::format("{}", *value) : "unscored";
}

std::string item_lines(const std::string& task, const ItemDifference& item) {
    std::string text = fmt::format("{} document {}\n", task, item.doc);
    for (const RequestDifference& request : item.requests) {
        const std::string of = fmt::format(" of request {}", request.position);
        if (request.prompt) text += text_lines("prompt" + of, *request.prompt);
        if (request.continuation) text += text_lines("continuation" + of, *request.continuation);
        if (request.output) text += text_lines("output" + of, *request.output);
        if (request.logprob) {
            text += fmt::format("    log-probability{}: {} | {} ({:+.3g})\n", of, *request.logprob->first,
                                *request.logprob->second, *request.logprob->second - *request.logprob->first);
        }
    }
    for (const auto& [metric, both] : item.verdicts)
        text += fmt::format("    {}: {} | {}\n", metric, number(both.first), number(both.second));
    if (item.error) text += text_lines("error", *item.error);
    return text;
}

std::string documents(const std::vector<std::uint64_t>& docs) {
    constexpr std::size_t kShown = 20;
    const std::vector<std::uint64_t> shown(docs.begin(),
                                           docs.begin() + static_cast<std::ptrdiff_t>(std::min(docs.size(), kShown)));
    return fmt::format("{}{}", fmt::join(shown, ", "),
                       docs.size() > kShown ? fmt::format(" and {} more", docs.size() - kShown) : "");
}

}  // namespace

std::string render_terminal(const RunDifference& difference) {
    std::string text;
    for (const TaskDifference& task : difference.tasks) {
        text += fmt::format(
            "{}: {} documents compared, {} differ (prompt {}, continuation {}, output {}, log-probability by more than "
            "{:g} {}, verdict {}); "
            "largest log-probability difference {:.3g}\n",
            task.task, task.compared, task.items.size(), task.prompts(), task.continuations(), task.outputs(),
            difference.tolerance, task.logprobs(), task.verdicts(), task.largest_logprob);
        if (!task.only_first.empty())
            text += fmt::format("  only in run {}: documents {}\n", difference.first, documents(task.only_first));
        if (!task.only_second.empty())
            text += fmt::format("  only in run {}: documents {}\n", difference.second, documents(task.only_second));
        if (!task.unshared_metrics.empty())
            text +=
                fmt::format("  metrics that only one of the runs has: {}\n", fmt::join(task.unshared_metrics, ", "));
    }
    for (const std::string& task : difference.only_first)
        text += fmt::format("{}: only in run {}\n", task, difference.first);
    for (const std::string& task : difference.only_second)
        text += fmt::format("{}: only in run {}\n", task, difference.second);
    for (const TaskDifference& task : difference.tasks) {
        for (const ItemDifference& item : task.items) text += "\n" + item_lines(task.task, item);
    }
    return text;
}

}  // namespace reports::formats
