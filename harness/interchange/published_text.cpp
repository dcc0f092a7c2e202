// A run's numbers beside published ones, as text, Markdown, HTML and JSON.

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/interchange/published_rows.hpp"
#include "reports/plain_text.hpp"
#include "reports/table.hpp"

namespace harness::interchange {
namespace {

using nlohmann::ordered_json;
using reports::Table;

std::string source_of(const PublishedRow& row) {
    return fmt::format("{}, table {}{}", row.published.source, row.published.table,
                       row.published.remark.empty() ? "" : " (" + row.published.remark + ")");
}

std::string published_number(const PublishedRow& row) {
    if (!row.published.corrected) return fmt::format("{:.4f}", row.expected);
    return fmt::format("{:.4f} (printed {:.4f})", row.expected, row.published.value);
}

Table table(const std::vector<PublishedRow>& rows) {
    Table table{
        .heading = "",
        .caption = "",
        .titles = {"task", "metric", "run", "value", "95 % interval", "published", "difference", "inside", "source"},
        .columns = {},
        .rows = {},
        .run_of_row = {}};
    using enum reports::Column;
    table.columns = {Key, Key, Run, Number, Number, Number, Number, Text, Text};
    for (const PublishedRow& row : rows) {
        if (!row.not_compared.empty()) continue;
        table.rows.push_back({row.task, row.metric, fmt::format("{} (run {})", row.variant, row.run),
                              fmt::format("{:.4f}", row.value),
                              fmt::format("{:.4f} to {:.4f}", row.ci95.low, row.ci95.high), published_number(row),
                              fmt::format("{:+.4f}", row.difference()), row.inside() ? "yes" : "no", source_of(row)});
    }
    return table;
}

/// One sentence for each number that is not the same measurement.
std::vector<std::string> left_out(const std::vector<PublishedRow>& rows) {
    std::vector<std::string> lines;
    for (const PublishedRow& row : rows) {
        if (row.not_compared.empty()) continue;
        std::string line = fmt::format("{} {}: not compared with {} ({}): {}", row.task, row.metric,
                                       published_number(row), source_of(row), row.not_compared);
        // Of several runs the same is said once.
        if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(std::move(line));
    }
    return lines;
}

std::string heading(const std::string& model) {
    return "Against published numbers of " + model;
}

/// As in the page's other tables, whose style these classes have.
std::string html_row(const Table& table, const std::vector<std::string>& cells) {
    std::string html = "<tr>";
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string text = reports::html_text(cells[i]);
        const std::string title = reports::html_text(table.titles[i]);
        switch (table.columns[i]) {
            case reports::Column::Key: html += fmt::format(R"(<th scope="row" class="key{}">{}</th>)", i, text); break;
            case reports::Column::Run: html += fmt::format(R"(<td class="run">{}</td>)", text); break;
            case reports::Column::Number:
                html += fmt::format(R"(<td class="number" data-title="{}">{}</td>)", title, text);
                break;
            case reports::Column::Text:
                html += fmt::format(R"(<td class="prose" data-title="{}">{}</td>)", title, text);
                break;
        }
    }
    return html + "</tr>\n";
}

std::string html_head(const Table& table) {
    std::string html = "<thead><tr>";
    for (std::size_t i = 0; i < table.titles.size(); ++i) {
        const bool number = table.columns[i] == reports::Column::Number;
        html += fmt::format(R"(<th scope="col"{}>{}</th>)", number ? R"( class="number")" : "",
                            reports::html_text(table.titles[i]));
    }
    return html + "</tr></thead>\n";
}

}  // namespace

std::string published_text(const std::vector<PublishedRow>& rows, const std::string& model) {
    const auto line = [](const std::string& text) { return reports::visible(text, reports::Lines::Escape) + "\n"; };
    std::string text = line(heading(model));
    const Table compared = table(rows);
    if (!compared.rows.empty()) text += reports::terminal_table(compared);
    for (const std::string& other : left_out(rows)) text += line(other);
    return rows.empty() ? text + "There are none for these tasks.\n" : text;
}

std::string published_markdown(const std::vector<PublishedRow>& rows, const std::string& model) {
    std::string text = "## " + reports::markdown_text(heading(model)) + "\n\n";
    const Table compared = table(rows);
    if (!compared.rows.empty()) text += reports::markdown_table(compared);
    const std::vector<std::string> others = left_out(rows);
    if (!others.empty()) text += "\n";
    for (const std::string& other : others) text += "- " + reports::markdown_text(other) + "\n";
    return rows.empty() ? text + "There are none for these tasks.\n" : text;
}

std::string published_html(const std::vector<PublishedRow>& rows, const std::string& model) {
    std::string html = "<h2>" + reports::html_text(heading(model)) + "</h2>\n";
    const Table compared = table(rows);
    if (!compared.rows.empty()) {
        html += "<div class=\"scroll\" tabindex=\"0\" role=\"region\"><table>\n" + html_head(compared) + "<tbody>\n";
        for (const std::vector<std::string>& cells : compared.rows) html += html_row(compared, cells);
        html += "</tbody></table></div>\n";
    }
    for (const std::string& other : left_out(rows)) html += "<p class=\"soft\">" + reports::html_text(other) + "</p>\n";
    return rows.empty() ? html + "<p>There are none for these tasks.</p>\n" : html;
}

std::string published_json(const std::vector<PublishedRow>& rows) {
    ordered_json list = ordered_json::array();
    for (const PublishedRow& row : rows) {
        const bool compared = row.not_compared.empty();
        list.push_back({{"run", row.run},
                        {"task", row.task},
                        {"metric", row.metric},
                        {"value", row.value},
                        {"ci95", {row.ci95.low, row.ci95.high}},
                        {"published", row.expected},
                        {"printed", row.published.value},
                        {"model", row.published.model},
                        {"profile", row.published.profile},
                        {"shots", row.published.shots ? ordered_json(*row.published.shots) : ordered_json(nullptr)},
                        {"difference", compared ? ordered_json(row.difference()) : ordered_json(nullptr)},
                        {"inside", compared ? ordered_json(row.inside()) : ordered_json(nullptr)},
                        {"not_compared", compared ? ordered_json(nullptr) : ordered_json(row.not_compared)},
                        {"source", row.published.source},
                        {"table", row.published.table},
                        {"remark", row.published.remark}});
    }
    return list.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace harness::interchange
