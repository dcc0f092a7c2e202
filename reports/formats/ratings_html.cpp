#include "reports/formats/ratings_html.hpp"

#include "reports/formats/html_table.hpp"
#include "reports/formats/page_template.hpp"
#include "reports/formats/ratings_charts.hpp"
#include "reports/sections/ratings_tables.hpp"
#include "reports/sections/ratings_words.hpp"

namespace reports::formats {

std::string html_ratings(const data::Study& study) {
    const sections::RatingsAnalysis analysis = sections::analyse(study);
    std::string parts;
    std::string figures = figures_html(rating_charts(study, analysis));
    for (const sections::Table& table : sections::ratings_tables(study, analysis)) {
        parts += html_table(table, {.rank = 3, .warnings = {}, .figures = figures, .fold = true});
        figures.clear();  // they belong to the first
    }
    TemplateData data("heading", sections::ratings_heading(study));
    data.set("verdicts", text_list(sections::ratings_verdicts(study, analysis)));
    data.set("warnings", text_list(sections::ratings_warnings(study, analysis)));
    data.set("parts", parts);
    return PageTemplate("ratings.mustache").fill(data);
}

}  // namespace reports::formats
