// Renders the report page: one file, no network, light and dark.

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "reports/formats/forest_plot.hpp"
#include "reports/formats/item_browser.hpp"
#include "reports/formats/page_template.hpp"
#include "reports/formats/render.hpp"
#include "reports/sections/published.hpp"
#include "reports/sections/settings.hpp"
#include "reports/sections/tables.hpp"
#include "reports/sections/terms.hpp"

namespace reports::formats {
namespace {

/// The hash by which a Content-Security-Policy allows an inline script or style: the page runs no others.
std::string sha256_base64(std::string_view content) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest = {};
    unsigned int size = 0;
    if (EVP_Digest(content.data(), content.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("the report page: OpenSSL gives no SHA-256");
    }
    std::array<unsigned char, 4 * EVP_MAX_MD_SIZE> text = {};
    const int length = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(size));
    return {text.begin(), text.begin() + length};
}

TemplateList setting_list(const data::Settings& settings) {
    TemplateList list;
    for (const data::Setting& setting : settings) {
        TemplateData data("name", setting.name);
        data.set("value", setting.value.empty() ? "none" : setting.value);
        list.push_back(data);
    }
    return list;
}

TemplateList text_list(const std::vector<std::string>& texts) {
    TemplateList list;
    for (const std::string& text : texts) list.push_back(TemplateData("text", text));
    return list;
}

TemplateData run_card(const data::RunView& run, std::size_t index) {
    TemplateData data("variant", run.variant);
    data.set("id", std::to_string(run.id));
    data.set("model", run.model);
    data.set("fingerprint", run.fingerprint);
    data.set("short_fingerprint", run.fingerprint.substr(0, 16));
    const data::Settings settings = sections::settings_with_tasks(run);
    data.set("any_settings", !settings.empty());
    data.set("settings", setting_list(settings));
    data.set("warnings", text_list(run.warnings));
    data.set("licence", optional_text(run.licence.name));
    data.set("licence_basis", run.licence.basis);
    data.set("imported", run.imported);
    data.set("created", run.created);
    data.set("complete", run.complete);
    set_run_looks(data, index);
    return data;
}

/// Number of rows from `row` on with the same keys up to `column`; 0 if the row before has the same keys.
std::size_t rows_spanned(const sections::Table& table, std::size_t row, std::size_t column) {
    const auto same = [&](std::size_t a, std::size_t b) {
        return std::equal(table.rows[a].begin(), table.rows[a].begin() + static_cast<std::ptrdiff_t>(column) + 1,
                          table.rows[b].begin());
    };
    if (row > 0 && same(row - 1, row)) return 0;
    std::size_t end = row + 1;
    while (end < table.rows.size() && same(row, end)) ++end;
    return end - row;
}

std::string text_class(const std::string& text) {
    return text == "better" || text == "worse" ? "prose " + text : "prose";
}

TemplateData cell_data(const sections::Table& table, std::size_t row, std::size_t column) {
    const std::string& text = table.rows[row][column];
    const TemplateData none(TemplateData::type::bool_false);
    TemplateData content("text", text);
    content.set("title", table.titles[column]);
    content.set("level", std::to_string(column));
    if (table.columns[column] == sections::Column::Run) set_run_looks(content, table.run_of_row[row]);
    if (table.columns[column] == sections::Column::Number) content.set("class", "number");
    if (table.columns[column] == sections::Column::Text) content.set("class", text_class(text));
    if (table.columns[column] == sections::Column::Key)
        content.set("rows_spanned", std::to_string(rows_spanned(table, row, column)));
    TemplateData data("key", table.columns[column] == sections::Column::Key ? content : none);
    data.set("run", table.columns[column] == sections::Column::Run ? content : none);
    data.set("value",
             table.columns[column] == sections::Column::Number || table.columns[column] == sections::Column::Text
                 ? content
                 : none);
    return data;
}

std::string html_table(const sections::Table& table) {
    if (table.rows.empty()) return "";
    TemplateList titles;
    for (std::size_t i = 0; i < table.titles.size(); ++i) {
        TemplateData title("text", table.titles[i]);
        title.set("number", table.columns[i] == sections::Column::Number);
        titles.push_back(title);
    }
    TemplateList rows;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        TemplateList cells;
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            if (table.columns[i] == sections::Column::Key && rows_spanned(table, row, i) == 0) continue;
            cells.push_back(cell_data(table, row, i));
        }
        rows.push_back(TemplateData("cells", cells));
    }
    TemplateData data("heading", table.heading);
    data.set("caption", table.caption);
    data.set("titles", titles);
    data.set("rows", rows);
    return PageTemplate("table.mustache").fill(data);
}

std::string title_of(const std::vector<data::RunView>& runs) {
    std::string title;
    for (const data::RunView& run : runs) title += (title.empty() ? "" : ", ") + run.variant;
    return title;
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
    const std::string style(embedded_template("page.css"));
    const std::string script(embedded_template("page.js"));
    TemplateList cards;
    for (std::size_t i = 0; i < runs.size(); ++i) cards.push_back(run_card(runs[i], i));
    std::string tables;
    for (const sections::Table& table : sections::report_tables(report)) tables += html_table(table);
    TemplateData data("title", title_of(runs));
    data.set("style", style);
    data.set("style_hash", sha256_base64(style));
    data.set("script", script);
    data.set("script_hash", sha256_base64(script));
    data.set("any_runs", !runs.empty());
    data.set("runs", cards);
    data.set("plots", forest_plots(runs));
    data.set("tables", tables);
    data.set("published", report.published ? html_published(report) : "");
    data.set("items", item_browser(runs));
    data.set("any_terms", report.terms.has_value());
    data.set("terms", report.terms ? text_list(sections::terms_lines(*report.terms)) : TemplateList());
    return PageTemplate("page.mustache").fill(data);
}

}  // namespace reports::formats
