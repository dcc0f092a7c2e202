#include "reports/formats/safety_html.hpp"

#include "reports/formats/html_table.hpp"
#include "reports/formats/safety_charts.hpp"
#include "reports/sections/safety_tables.hpp"

namespace reports::formats {
namespace {

/// A part below the section's heading.
std::string part(const sections::Table& table, const std::vector<Figure>& figures = {}) {
    return html_table(table, {.rank = 3, .warnings = {}, .figures = figures_html(figures), .fold = true});
}

}  // namespace

std::string html_safety(const data::Report& report) {
    using sections::SafetySplit;
    std::string html =
        html_table(sections::safety_overview_table(report), {.rank = 2,
                                                             .warnings = sections::safety_warnings(report),
                                                             .figures = figures_html(violation_charts(report)),
                                                             .fold = false});
    html += part(sections::grade_table(report));
    html += part(sections::refusal_plane_table(report), refusal_planes(report));
    html += part(sections::safety_difference_table(report));
    html += part(sections::category_difference_table(report));
    html += part(sections::safety_split_table(report, SafetySplit::Cell), heat_maps(report));
    html += part(sections::safety_split_table(report, SafetySplit::Category));
    html += part(sections::safety_split_table(report, SafetySplit::Hazard));
    html += part(sections::safety_split_table(report, SafetySplit::Turns));
    html += part(sections::reward_table(report), reward_charts(report));
    html += part(sections::best_of_n_table(report), best_of_n_charts(report));
    html += part(sections::people_table(report));
    html += part(sections::corrected_table(report));
    html += part(sections::safety_published_table(report));
    html += part(sections::safety_scorer_table(report));
    return html;
}

}  // namespace reports::formats
