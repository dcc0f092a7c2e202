#include "reports/sections/verdict_tables.hpp"

#include <fmt/format.h>

#include "reports/sections/cells.hpp"
#include "reports/sections/verdict_words.hpp"

namespace reports::sections {
namespace {

std::string cell_text(const SuiteVerdict& row) {
    if (row.verdict != Verdict::NotSignificant) return to_string(row.verdict);
    if (!row.detectable) return "not significant";
    return fmt::format("not significant (minimum detectable difference {})", amount_text(row, *row.detectable));
}

std::string caption_of(const ReportVerdict& verdict) {
    const std::size_t tests = verdict.suites.size();
    const std::string adjusted =
        tests == 1 ? "p is of the one comparison that there is."
                   : fmt::format(
                         "p is adjusted for all {} comparisons (Holm), and a minimum detectable difference is "
                         "that of a test at 5 % / {}; the intervals are not adjusted.",
                         tests, tests);
    return "Each suite by its first metric, over the items that both runs scored. p is McNemar's exact test for items "
           "that are correct or wrong, else Student's t. " +
           adjusted;
}

}  // namespace

Table verdict_table(const std::vector<data::RunView>& runs, const ReportVerdict& verdict) {
    using enum Column;
    Table table{.heading = "Difference by suite",
                .caption = caption_of(verdict),
                .titles = {"suite", "better", "run", "first run", "this run", "difference", "95 % interval", "n",
                           "adjusted p", "verdict"},
                .columns = {Key, Key, Run, Number, Number, Number, Number, Number, Number, Text},
                .rows = {},
                .run_of_row = {}};
    // By suite, so that the runs of a suite are neighbours.
    std::vector<const SuiteVerdict*> order;
    for (const SuiteVerdict& row : verdict.suites) {
        const auto same = [&row](const SuiteVerdict* other) { return suite_text(*other) == suite_text(row); };
        auto place = order.end();
        for (auto at = order.begin(); at != order.end(); ++at) {
            if (same(*at)) place = at + 1;
        }
        order.insert(place, &row);
    }
    for (const SuiteVerdict* row : order) {
        const statistics::Paired& paired = row->paired;
        add_row(
            table,
            {suite_text(*row), row->higher_is_better ? "higher" : "lower", run_name(*row->run), number(paired.mean_a),
             number(paired.mean_a + paired.difference), signed_number(paired.difference), signed_range(paired.ci95),
             std::to_string(paired.items), probability(row->p_adjusted), cell_text(*row)},
            run_index(runs, row->run->id));
    }
    return table;
}

}  // namespace reports::sections
