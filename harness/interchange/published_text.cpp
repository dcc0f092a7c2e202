// A run's numbers beside published ones, as text, Markdown, HTML and JSON.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "harness/interchange/published_rows.hpp"

namespace harness::interchange {
namespace {

using nlohmann::ordered_json;
using Cells = std::array<std::string, 9>;

const Cells kHead = {"task", "metric", "run", "value", "95 % interval", "published", "difference", "inside", "source"};

std::string source_of(const PublishedRow& row) {
    return fmt::format("{}, table {}{}", row.published.source, row.published.table,
                       row.published.remark.empty() ? "" : " (" + row.published.remark + ")");
}

std::string published_number(const PublishedRow& row) {
    if (!row.published.corrected) return fmt::format("{:.4f}", row.expected);
    return fmt::format("{:.4f} (printed {:.4f})", row.expected, row.published.value);
}

std::vector<Cells> table(const std::vector<PublishedRow>& rows) {
    std::vector<Cells> lines = {kHead};
    for (const PublishedRow& row : rows) {
        if (!row.not_compared.empty()) continue;
        lines.push_back({row.task, row.metric, fmt::format("{} (run {})", row.variant, row.run),
                         fmt::format("{:.4f}", row.value), fmt::format("{:.4f} to {:.4f}", row.ci95.low, row.ci95.high),
                         published_number(row), fmt::format("{:+.4f}", row.difference()), row.inside() ? "yes" : "no",
                         source_of(row)});
    }
    return lines;
}

/// One sentence for each number that is not the same measurement.
std::vector<std::string> left_out(const std::vector<PublishedRow>& rows) {
    std::vector<std::string> lines;
    for (const PublishedRow& row : rows) {
        if (row.not_compared.empty()) continue;
        lines.push_back(fmt::format("{} {}: not compared with {} ({}): {}", row.task, row.metric, published_number(row),
                                    source_of(row), row.not_compared));
    }
    return lines;
}

/// Names may hold anything: control characters would move the cursor or break the table.
std::string plain(const std::string& text) {
    std::string result;
    for (const char c : text) result += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
    return result;
}

std::string escaped(const std::string& text) {
    std::string safe;
    for (const char c : plain(text)) {
        if (std::string_view("|\\`*_<>[]").find(c) != std::string_view::npos) safe += '\\';
        safe += c;
    }
    return safe;
}

std::string markup_escaped(const std::string& text) {
    std::string safe;
    for (const char c : plain(text)) {
        switch (c) {
            case '&': safe += "&amp;"; break;
            case '<': safe += "&lt;"; break;
            case '>': safe += "&gt;"; break;
            case '"': safe += "&quot;"; break;
            default: safe += c;
        }
    }
    return safe;
}

std::string heading(const std::string& model) {
    return "Against published numbers of " + plain(model);
}

}  // namespace

std::string published_text(const std::vector<PublishedRow>& rows, const std::string& model) {
    std::string text = heading(model) + "\n";
    const std::vector<Cells> lines = table(rows);
    std::array<std::size_t, kHead.size()> widths = {};
    for (const Cells& line : lines) {
        for (std::size_t i = 0; i < line.size(); ++i) widths.at(i) = std::max(widths.at(i), line.at(i).size());
    }
    for (const Cells& line : lines) {
        if (lines.size() == 1) break;
        std::string row;
        for (std::size_t i = 0; i < line.size(); ++i) row += fmt::format("{:<{}}  ", plain(line.at(i)), widths.at(i));
        text += row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
    }
    for (const std::string& line : left_out(rows)) text += plain(line) + "\n";
    return rows.empty() ? text + "There are none for these tasks.\n" : text;
}

std::string published_markdown(const std::vector<PublishedRow>& rows, const std::string& model) {
    std::string text = "## " + escaped(heading(model)) + "\n\n";
    const std::vector<Cells> lines = table(rows);
    for (std::size_t i = 0; i < lines.size() && lines.size() > 1; ++i) {
        text += "|";
        for (const std::string& cell : lines[i]) text += " " + escaped(cell) + " |";
        text += "\n";
        if (i > 0) continue;
        for (std::size_t column = 0; column < kHead.size(); ++column) text += "|---";
        text += "|\n";
    }
    const std::vector<std::string> others = left_out(rows);
    if (!others.empty()) text += "\n";
    for (const std::string& line : others) text += "- " + escaped(line) + "\n";
    return rows.empty() ? text + "There are none for these tasks.\n" : text;
}

std::string published_html(const std::vector<PublishedRow>& rows, const std::string& model) {
    std::string html = "<h2>" + markup_escaped(heading(model)) + "</h2>\n<div class=\"scroll\"><table>\n";
    const std::vector<Cells> lines = table(rows);
    for (std::size_t i = 0; i < lines.size() && lines.size() > 1; ++i) {
        html += "<tr>";
        for (const std::string& cell : lines[i]) html += (i == 0 ? "<th>" : "<td>") + markup_escaped(cell);
        html += "</tr>\n";
    }
    html += "</table></div>\n";
    for (const std::string& line : left_out(rows)) html += "<p class=\"soft\">" + markup_escaped(line) + "</p>\n";
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
