#include "reports/formats/verdict_html.hpp"

#include "reports/formats/html_table.hpp"
#include "reports/formats/page_template.hpp"
#include "reports/formats/verdict_plots.hpp"
#include "reports/sections/cost.hpp"
#include "reports/sections/tables.hpp"
#include "reports/sections/verdict_tables.hpp"
#include "reports/sections/verdict_words.hpp"

namespace reports::formats {

std::string html_verdict(const data::Report& report, const sections::Comparison& comparison) {
    const sections::ReportVerdict verdict = sections::report_verdict(report.runs, comparison);
    const sections::VerdictWords words = sections::verdict_words(report, verdict);
    const TableSetting below{.rank = 3, .warnings = {}, .figures = {}, .fold = true};
    TemplateData data("headline", words.headline);
    data.set("findings", text_list(words.findings));
    data.set("any_cautions", !words.cautions.empty());
    data.set("cautions", text_list(words.cautions));
    data.set("figure", figures_html(verdict_figure(report.runs, verdict)));
    data.set("not_compared", html_table(sections::not_compared_table(report.runs, comparison), below));
    data.set("table", html_table(sections::verdict_table(report.runs, verdict), below));
    data.set("cost", html_table(sections::cost_table(report.runs), below));
    return PageTemplate("verdict.mustache").fill(data);
}

std::string html_breakdowns(const std::vector<data::RunView>& runs,
                            const std::vector<sections::Breakdown>& breakdowns) {
    if (breakdowns.empty()) return "";
    std::vector<Figure> figures;
    std::string tables;
    for (const sections::Breakdown& breakdown : breakdowns) {
        figures.push_back(breakdown_figure(runs, breakdown));
        tables += html_table(sections::breakdown_table(runs, breakdown),
                             {.rank = 3, .warnings = {}, .figures = {}, .fold = true});
    }
    TemplateData data("figures", figures_html(figures));
    data.set("tables", tables);
    return PageTemplate("breakdowns.mustache").fill(data);
}

}  // namespace reports::formats
