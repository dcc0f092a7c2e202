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

/// "+1.2", or "+1.2 (chat against base)" where there are several headlines.
std::string moved_text(const RaterResult& row) {
    if (!row.moved) return kNone;
    const std::string points = fmt::format("{:+.1f}", 100 * *row.moved);
    return row.moved_headline.empty() ? points : fmt::format("{} ({})", points, row.moved_headline);
}

}  // namespace

Table ratings_rater_table(const data::Study& study, const RatingsAnalysis& analysis) {
    using enum Column;
    Table table{
        .heading = "Raters",
        .caption =
            "Gold and attention items have known answers. \"with others\": says what more than half of the "
            "others say. \"left\": prefers the left answer, of decided ratings. Ability: 1 is usual, 0 rates at "
            "random. \"without\": how much the mean of all ratings moves without the rater, in points of 0.01.",
        .titles = {"rater", "ratings", "skipped", "median s", "gold", "attention", "with others", "left", "ability",
                   "leniency", "without", "remark"},
        .columns = {Key, Number, Number, Number, Number, Number, Number, Number, Number, Number, Number, Text},
        .rows = {},
        .run_of_row = {}};
    for (const RaterResult& row : analysis.raters) {
        const data::StudyRater& rater = study.raters[row.rater];
        std::string remark = rater.is_excluded ? "excluded" : "";
        if (rater.is_excluded && !rater.reason.empty()) remark += ": " + rater.reason;
        table.rows.push_back({name_text(rater.name), std::to_string(row.ratings), std::to_string(rater.skipped),
                              rater.median_seconds > 0 ? fmt::format("{:.1f}", rater.median_seconds) : kNone,
                              of_total(row.gold), of_total(row.attention), of_total(row.with_others),
                              of_total(row.left), row.ability ? fmt::format("{:.2f}", row.ability->ability) : kNone,
                              row.ability ? fmt::format("{:+.2f}", row.ability->leniency) : kNone, moved_text(row),
                              std::move(remark)});
        table.run_of_row.push_back(0);
    }
    return table;
}

}  // namespace reports::sections
