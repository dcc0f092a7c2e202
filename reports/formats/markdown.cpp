// Renders the tables of a report in GitHub's Markdown.

#include <fmt/format.h>

#include "reports/formats/render.hpp"
#include "reports/formats/table_text.hpp"
#include "reports/sections/breakdown.hpp"
#include "reports/sections/cells.hpp"
#include "reports/sections/cost.hpp"
#include "reports/sections/ladder.hpp"
#include "reports/sections/published.hpp"
#include "reports/sections/ratings_tables.hpp"
#include "reports/sections/ratings_words.hpp"
#include "reports/sections/safety_tables.hpp"
#include "reports/sections/settings.hpp"
#include "reports/sections/tables.hpp"
#include "reports/sections/terms.hpp"
#include "reports/sections/verdict_tables.hpp"
#include "reports/sections/verdict_words.hpp"
#include "reports/text/plain_text.hpp"

namespace reports::formats {
namespace {

std::string heading(const std::string& text) {
    return fmt::format("\n## {}\n\n", text::markdown_text(text));
}

std::string section(const sections::Table& table) {
    if (table.rows.empty()) return "";
    return fmt::format("{}{}\n\n{}", heading(table.heading), text::markdown_text(table.caption), markdown_table(table));
}

std::string ladder_sections(const data::Report& report) {
    std::string text;
    for (const sections::Table& table : sections::ladder_tables(report)) {
        if (text.empty()) {
            text = heading(table.heading);
            for (const std::string& warning : sections::ladder_warnings(*report.ladder))
                text += fmt::format("**{}**\n\n", text::markdown_text(warning));
            text += fmt::format("{}\n\n{}", text::markdown_text(table.caption), markdown_table(table));
        } else {
            text += section(table);
        }
    }
    return text;
}

std::string safety_sections(const data::Report& report) {
    std::string text;
    for (const sections::Table& table : sections::safety_tables(report)) {
        // The warnings stand below the first heading, before everything that they are about.
        if (text.empty()) {
            text = heading(table.heading);
            for (const std::string& warning : sections::safety_warnings(report))
                text += fmt::format("**{}**\n\n", text::markdown_text(warning));
            text += fmt::format("{}\n\n{}", text::markdown_text(table.caption), markdown_table(table));
        } else {
            text += section(table);
        }
    }
    return text;
}

std::string ratings_sections(const data::Study& study) {
    const sections::RatingsAnalysis analysis = sections::analyse(study);
    std::string text = heading(sections::ratings_heading(study));
    for (const std::string& verdict : sections::ratings_verdicts(study, analysis))
        text += text::markdown_text(verdict) + "\n\n";
    for (const std::string& warning : sections::ratings_warnings(study, analysis))
        text += fmt::format("**{}**\n\n", text::markdown_text(warning));
    for (const sections::Table& table : sections::ratings_tables(study, analysis)) text += section(table);
    return text;
}

std::string published_section(const data::Report& report) {
    const sections::Table table = sections::published_table(report.runs, *report.published);
    std::string text = table.rows.empty() ? heading(table.heading) : section(table);
    const std::vector<std::string> others = sections::published_left_out(*report.published);
    if (!others.empty() && !table.rows.empty()) text += "\n";
    for (const std::string& other : others) text += "- " + text::markdown_text(other) + "\n";
    return report.published->rows.empty() ? text + "There are none for these tasks.\n" : text;
}

std::string bullets(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += "- " + text::markdown_text(line) + "\n";
    return text;
}

/// What the first screen of the page says.
std::string verdict_section(const data::Report& report, const sections::Comparison& comparison) {
    const sections::ReportVerdict verdict = sections::report_verdict(report.runs, comparison);
    const sections::VerdictWords words = sections::verdict_words(report, verdict);
    std::string text =
        heading("Verdict") + fmt::format("**{}**\n\n", text::markdown_text(words.headline)) + bullets(words.findings);
    if (!words.cautions.empty()) text += "\nTo keep in mind:\n\n" + bullets(words.cautions);
    return text + section(sections::not_compared_table(report.runs, comparison)) +
           section(sections::verdict_table(report.runs, verdict)) + section(sections::cost_table(report.runs));
}

/// Commands are blocks of code, indented, so that they can be copied as they are.
std::string reproduction_section(const std::vector<data::RunView>& runs) {
    std::string text;
    for (const data::RunView& run : runs) {
        const data::ReproductionView& how = run.reproduction;
        if (how.command.empty() && how.remark.empty()) continue;
        text +=
            fmt::format("{}: {}\n\n", text::markdown_text(sections::run_name(run)), text::markdown_text(how.remark));
        if (!how.command.empty()) text += fmt::format("    {}\n\n", text::visible(how.command, text::Lines::Escape));
    }
    return text.empty() ? "" : heading("How to reproduce") + text;
}

}  // namespace

std::string render_markdown(const data::Report& report) {
    std::string text = "# Bellwether report\n";
    const sections::Comparison comparison = sections::compare(report.runs);
    if (!report.runs.empty()) text += verdict_section(report, comparison);
    for (const sections::Table& table : sections::detail_tables(report)) text += section(table);
    text += section(sections::difference_table(report.runs, comparison));
    for (const sections::Breakdown& breakdown : sections::breakdowns(report.runs, comparison))
        text += section(sections::breakdown_table(report.runs, breakdown));
    if (report.ladder) text += ladder_sections(report);
    if (report.safety) text += safety_sections(report);
    for (const data::Study& study : report.studies) text += ratings_sections(study);
    if (report.published) text += published_section(report);
    text += section(sections::settings_table(report.runs));
    text += reproduction_section(report.runs);
    if (!report.terms) return text;
    text += heading("Licence");
    for (const std::string& line : sections::terms_lines(*report.terms))
        text += "- " + text::markdown_text(line) + "\n";
    return text;
}

}  // namespace reports::formats
