// Renders the report page: one file, no network, light and dark.

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "reports/formats/base64.hpp"
#include "reports/formats/forest_plot.hpp"
#include "reports/formats/html_table.hpp"
#include "reports/formats/item_browser.hpp"
#include "reports/formats/ladder_html.hpp"
#include "reports/formats/page_template.hpp"
#include "reports/formats/ratings_html.hpp"
#include "reports/formats/render.hpp"
#include "reports/formats/safety_html.hpp"
#include "reports/formats/verdict_html.hpp"
#include "reports/formats/verdict_plots.hpp"
#include "reports/sections/breakdown.hpp"
#include "reports/sections/published.hpp"
#include "reports/sections/settings.hpp"
#include "reports/sections/tables.hpp"
#include "reports/sections/terms.hpp"

namespace reports::formats {
namespace {

// A page below 5 MB can be sent by mail and opens at once.
constexpr std::size_t kMaxPage = 4'900'000;   // bytes
constexpr std::size_t kMinItems = 1'000'000;  // bytes that items have also where the rest is large

TemplateList setting_list(const data::Settings& settings) {
    TemplateList list;
    for (const data::Setting& setting : settings) {
        TemplateData data("name", setting.name);
        data.set("value", setting.value.empty() ? "none" : setting.value);
        list.push_back(data);
    }
    return list;
}

std::string reproduction_remark(const data::RunView& run) {
    const bool is_silent = run.reproduction.command.empty() && run.reproduction.remark.empty();
    return is_silent ? "The command is not known." : run.reproduction.remark;
}

TemplateData run_card(const data::RunView& run, std::size_t index) {
    TemplateData data("variant", run.variant);
    data.set("id", std::to_string(run.id));
    data.set("model", run.model);
    data.set("fingerprint", run.fingerprint);
    const data::Settings settings = sections::settings_with_tasks(run);
    data.set("any_settings", !settings.empty());
    data.set("settings", setting_list(settings));
    data.set("warnings", text_list(run.warnings));
    data.set("licence", optional_text(run.licence.name));
    data.set("licence_basis", run.licence.basis);
    data.set("imported", run.imported);
    data.set("created", run.created);
    data.set("complete", run.complete);
    data.set("command", optional_text(run.reproduction.command));
    data.set("remark", optional_text(reproduction_remark(run)));
    set_run_looks(data, index);
    return data;
}

std::string title_of(const std::vector<data::RunView>& runs) {
    std::string title;
    for (const data::RunView& run : runs) title += (title.empty() ? "" : ", ") + run.variant;
    return title;
}

/// Files of the page in a row, as one style or script.
std::string joined(std::initializer_list<std::string_view> names) {
    std::string content;
    for (const std::string_view name : names) content += embedded_template(name);
    return content;
}

std::string html_published(const data::Report& report) {
    const sections::Table table = sections::published_table(report.runs, *report.published);
    TemplateData data("heading", table.heading);
    data.set("table", html_table(table));
    data.set("alone", table.rows.empty());
    data.set("none", report.published->rows.empty());
    data.set("others", text_list(sections::published_left_out(*report.published)));
    return PageTemplate("published.mustache").fill(data);
}

}  // namespace

std::string render_html(const data::Report& report) {
    const std::vector<data::RunView>& runs = report.runs;
    const std::string style = joined({"page.css", "items.css"});
    const std::string script = joined({"strict.js", "word_diff.js", "item_data.js", "item_view.js", "item_filter.js",
                                       "item_address.js", "item_form.js", "items.js"});
    TemplateList cards;
    for (std::size_t i = 0; i < runs.size(); ++i) cards.push_back(run_card(runs[i], i));
    const sections::Comparison comparison = sections::compare(runs);
    const std::vector<sections::Breakdown> breakdowns = sections::breakdowns(runs, comparison);
    const std::vector<Figure> differences = difference_figures(runs, comparison);
    std::string tables;
    for (const sections::Table& table : sections::detail_tables(report)) tables += html_table(table);
    tables += html_table(sections::difference_table(runs, comparison),
                         {.rank = 2, .warnings = {}, .figures = figures_html(differences), .fold = true});
    TemplateData data("title", runs.empty() && report.ladder ? "quantisation ladder" : title_of(runs));
    data.set("style", style);
    data.set("style_hash", sha256_base64(style));
    data.set("script", script);
    data.set("script_hash", sha256_base64(script));
    data.set("any_content", !runs.empty() || report.ladder);
    data.set("runs", cards);
    data.set("several", runs.size() > 1);
    data.set("verdict", runs.empty() ? "" : html_verdict(report, comparison));
    data.set("plots", forest_plots(runs, sections::tasks_in(breakdowns)));
    data.set("tables", tables);
    data.set("breakdowns", html_breakdowns(runs, breakdowns));
    data.set("ladder", report.ladder ? html_ladder(report) : "");
    data.set("safety", report.safety ? html_safety(report) : "");
    std::string ratings;
    for (const data::Study& study : report.studies) ratings += html_ratings(study);
    data.set("ratings", ratings);
    data.set("published", report.published ? html_published(report) : "");
    data.set("provenance", runs.empty() ? "" : PageTemplate("provenance.mustache").fill(TemplateData("runs", cards)));
    data.set("any_terms", report.terms.has_value());
    data.set("terms", report.terms ? text_list(sections::terms_lines(*report.terms)) : TemplateList());
    PageTemplate page("page.mustache");
    // The items take the room that the rest of the page leaves.
    const std::size_t rest = std::min(kMaxPage - kMinItems, page.fill(data).size());
    data.set("items", item_browser(runs, kMaxPage - rest));
    return page.fill(data);
}

}  // namespace reports::formats
