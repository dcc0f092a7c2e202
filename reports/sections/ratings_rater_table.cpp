// The table of raters in ratings_tables.hpp.

#include <fmt/format.h>

#include <utility>

#include "reports/sections/cells.hpp"
#include "reports/sections/ratings_tables.hpp"

namespace reports::sections {
namespace {

/// "9 of 10"
std::string of_total(const std::optional<statistics::Proportion>& share) {
    return share ? fmt::format("{} of {}", share->hits, share->total) : kNone;
}

/// "0.5210 (0.4800 to 0.5600)"
std::string with_range(const std::optional<statistics::Proportion>& share) {
    return share ? fmt::format("{} ({})", number(share->value), range(share->ci95)) : kNone;
}

}  // namespace

Table ratings_rater_table(const data::Study& study, const RatingsAnalysis& analysis) {
    using enum Column;
    Table table{.heading = "Raters",
                .caption =
                    "Gold and attention items have known answers. \"with others\": says what more than half of the "
                    "others say. \"left\": prefers the left answer. 95 % intervals are Wilson's. Ability: 1 is usual, "
                    "0 rates at random. \"without\": the result that changes most when the rater is left out, in "
                    "points of 0.01.",
                .titles = {"rater", "ratings", "skipped", "median s", "gold", "attention", "with others", "left",
                           "ability", "leniency", "without", "remark"},
                .columns = {Key, Number, Number, Number, Number, Number, Number, Number, Number, Number, Number, Text},
                .rows = {},
                .run_of_row = {}};
    for (const RaterResult& row : analysis.raters) {
        const data::StudyRater& rater = study.raters[row.rater];
        std::string remark = rater.is_excluded ? "excluded" : "";
        if (rater.is_excluded && !rater.reason.empty()) remark += ": " + rater.reason;
        table.rows.push_back(
            {name_text(rater.name), std::to_string(row.ratings), std::to_string(rater.skipped),
             rater.median_seconds > 0 ? fmt::format("{:.1f}", rater.median_seconds) : kNone, of_total(row.gold),
             of_total(row.attention), with_range(row.with_others), with_range(row.left),
             row.ability ? fmt::format("{:.2f}", row.ability->ability) : kNone,
             row.ability ? fmt::format("{:+.2f}", row.ability->leniency) : kNone,
             row.moved ? fmt::format("{:+.1f} ({})", 100 * *row.moved, row.moved_headline) : kNone,
             std::move(remark)});
        table.run_of_row.push_back(0);
    }
    return table;
}

}  // namespace reports::sections
