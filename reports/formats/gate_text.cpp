// Renders a gate's verdict for a terminal and in Markdown.

#include <fmt/format.h>

#include "reports/formats/gate.hpp"
#include "reports/formats/text_lines.hpp"
#include "reports/gate/compact_table.hpp"
#include "reports/gate/tables.hpp"
#include "reports/text/plain_text.hpp"

namespace reports::formats {
namespace {

constexpr std::size_t kShownFlips = 20;

std::string between(const data::GateVerdict& verdict) {
    return fmt::format("{} against {}", verdict.run, verdict.baseline);
}

std::string markdown_section(const sections::Table& table) {
    if (table.rows.empty()) return "";
    return fmt::format("\n### {}\n\n{}\n\n{}", text::markdown_text(table.heading), text::markdown_text(table.caption),
                       markdown_table(table));
}

}  // namespace

std::string render_terminal(const data::GateVerdict& verdict, std::size_t width) {
    TextLines lines(width);
    lines.add(gate::verdict_sentence(verdict));
    lines.add(between(verdict));
    for (const std::string& obstacle : verdict.obstacles) lines.add(obstacle, 2);
    for (const data::Setting& setting : verdict.differing)
        lines.add(fmt::format("{}: {}", setting.name, setting.value), 2);
    if (!verdict.suites.empty()) {
        const bool is_narrow = width != kUnlimited;
        lines.add_section(is_narrow ? gate::compact_suites_table(verdict) : gate::suites_table(verdict));
        if (is_narrow) lines.blank();
        for (const std::string& line : is_narrow ? gate::suite_lines(verdict) : std::vector<std::string>{})
            lines.add(line);
    }
    const sections::Table flips = gate::flips_table(verdict, kShownFlips);
    if (!flips.rows.empty()) lines.add_section(flips);
    return lines.text();
}

std::string render_markdown(const data::GateVerdict& verdict) {
    std::string markdown = fmt::format("## {}\n\n{}\n", text::markdown_text(gate::verdict_sentence(verdict)),
                                       text::markdown_text(between(verdict)));
    if (!verdict.obstacles.empty()) markdown += "\n";
    for (const std::string& obstacle : verdict.obstacles) markdown += "- " + text::markdown_text(obstacle) + "\n";
    markdown += markdown_section(gate::suites_table(verdict));
    const sections::Table flips = gate::flips_table(verdict, kShownFlips);
    if (!flips.rows.empty()) {
        markdown += fmt::format("\n<details><summary>{}</summary>\n\n{}\n</details>\n",
                                text::markdown_text(flips.heading), markdown_table(flips));
    }
    if (!verdict.differing.empty()) markdown += "\nWhat differs and may: ";
    for (std::size_t i = 0; i < verdict.differing.size(); ++i)
        markdown += fmt::format("{}{}: {}", i == 0 ? "" : "; ", text::markdown_text(verdict.differing[i].name),
                                text::markdown_text(verdict.differing[i].value));
    return markdown + (verdict.differing.empty() ? "" : ".\n");
}

std::string render_terminal(const std::vector<data::SuitePower>& powers, std::size_t width) {
    TextLines lines(width);
    const sections::Table table = gate::power_table(powers);
    lines.add(table.heading);
    lines.add(table.caption);
    lines.add_table(table);
    for (const std::string& warning : gate::power_warnings(powers)) lines.add(warning);
    return lines.text();
}

std::string render_terminal(const std::vector<data::ChangedItem>& changed, std::size_t width) {
    TextLines lines(width);
    if (changed.empty()) {
        lines.add("IDENTICAL: every item was asked, answered and scored alike");
        return lines.text();
    }
    lines.add(fmt::format("CHANGED: {} not the same",
                          changed.size() == 1 ? "1 item is" : fmt::format("{} items are", changed.size())));
    lines.add_section(gate::changed_table(changed, kShownFlips));
    return lines.text();
}

}  // namespace reports::formats
