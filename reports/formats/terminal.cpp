// Renders the tables of a report as plain text.

#include <utility>

#include "reports/formats/render.hpp"
#include "reports/formats/text_lines.hpp"
#include "reports/sections/cluster_note.hpp"
#include "reports/sections/published.hpp"
#include "reports/sections/ratings_tables.hpp"
#include "reports/sections/ratings_words.hpp"
#include "reports/sections/safety_tables.hpp"
#include "reports/sections/settings.hpp"
#include "reports/sections/tables.hpp"
#include "reports/sections/terms.hpp"

namespace reports::formats {
namespace {

/// The warnings stand below the first heading, before everything that they are about.
void add_safety(const data::Report& report, TextLines& lines) {
    bool is_first = true;
    for (const sections::Table& table : sections::short_safety_tables(report)) {
        lines.blank();
        lines.add(table.heading);
        if (std::exchange(is_first, false)) {
            for (const std::string& warning : sections::safety_warnings(report)) lines.add(warning);
        }
        lines.add_table(table);
    }
}

void add_ratings(const data::Study& study, TextLines& lines) {
    const sections::RatingsAnalysis analysis = sections::analyse(study);
    lines.blank();
    lines.add(sections::ratings_heading(study));
    for (const std::string& verdict : sections::ratings_verdicts(study, analysis)) lines.add(verdict);
    for (const std::string& warning : sections::ratings_warnings(study, analysis)) lines.add(warning);
    for (const sections::Table& table : sections::short_ratings_tables(study, analysis)) lines.add_section(table);
}

void add_published(const data::Report& report, TextLines& lines) {
    lines.add_section(sections::published_table(report.runs, *report.published));
    for (const std::string& other : sections::published_left_out(*report.published)) lines.add(other);
    if (report.published->rows.empty()) lines.add("There are none for these tasks.");
}

}  // namespace

std::string render_terminal(const data::Report& report, std::size_t width) {
    TextLines lines(width);
    const std::vector<sections::Table> tables = sections::report_tables(report);
    lines.add_table(tables.front());
    // The captions of the tables are not printed here, and this is no detail.
    if (const std::string clusters = sections::cluster_note(report.runs); !clusters.empty())
        lines.add(clusters.substr(1));
    for (std::size_t i = 1; i < tables.size(); ++i) lines.add_section(tables[i]);
    if (report.safety) add_safety(report, lines);
    for (const data::Study& study : report.studies) add_ratings(study, lines);
    if (report.published) add_published(report, lines);
    const sections::Table settings = sections::settings_table(report.runs);
    if (!settings.rows.empty()) lines.add_section(settings);
    if (report.terms) {
        lines.blank();
        for (const std::string& line : sections::terms_lines(*report.terms)) lines.add(line);
    }
    return lines.text();
}

}  // namespace reports::formats
