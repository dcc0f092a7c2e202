#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/study/plan.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;
using reports::sections::Column;
using reports::sections::Table;
using study::PlannedStudy;

enum class Planned { Win, Violation };

struct RatePlanOptions {
    Planned what = Planned::Win;
    double half_width = 0.03;
    std::optional<std::uint64_t> items;
    std::optional<std::uint32_t> raters_per_item;
    // The Llama 2 paper's comparison of its 70B chat model with ChatGPT: 35.9 % wins, 31.5 % ties.
    double win = 0.36;
    double tie = 0.32;
    double violation = 0.05;
    double correlation = 0.4;
    std::uint64_t items_per_rater = 100;
    double seconds = 60;
    bool json = false;
};

/// A plan with so many raters an item.
struct Row {
    PlannedStudy study;
    std::uint64_t items = 0;
    double half_width = 0;
};

std::vector<Row> rows_of(const RatePlanOptions& options) {
    std::vector<std::uint32_t> numbers = {1, 2, 3, 5};
    if (options.raters_per_item) numbers = {*options.raters_per_item};
    std::vector<Row> rows;
    for (const std::uint32_t raters : numbers) {
        Row row;
        row.study = {.variance = options.what == Planned::Win ? study::win_variance(options.win, options.tie)
                                                              : study::share_variance(options.violation),
                     .correlation = options.correlation,
                     .raters = raters};
        row.items = options.items ? *options.items : study::items_for(row.study, options.half_width);
        row.half_width = study::half_width(row.study, row.items);
        rows.push_back(row);
    }
    return rows;
}

double hours(const RatePlanOptions& options, const Row& row) {
    return static_cast<double>(row.items * row.study.raters) * options.seconds / 3600;
}

json to_json(const RatePlanOptions& options, const std::vector<Row>& rows) {
    json plans = json::array();
    for (const Row& row : rows) {
        plans.push_back({{"raters_per_item", row.study.raters},
                         {"items", row.items},
                         {"ratings", row.items * row.study.raters},
                         {"raters", study::raters_for(row.study, row.items, options.items_per_rater)},
                         {"half_width", row.half_width},
                         {"hours", hours(options, row)}});
    }
    return {{"variance", rows.front().study.variance}, {"correlation", options.correlation}, {"plans", plans}};
}

void print_plan(const RatePlanOptions& options, const std::vector<Row>& rows) {
    Table table = table_of({{"raters an item", Column::Key},
                            {"items", Column::Number},
                            {"ratings", Column::Number},
                            {"raters", Column::Number},
                            {"95 % interval", Column::Number},
                            {"hours in all", Column::Number}});
    for (const Row& row : rows) {
        table.rows.push_back(
            {std::to_string(row.study.raters), std::to_string(row.items), std::to_string(row.items * row.study.raters),
             std::to_string(study::raters_for(row.study, row.items, options.items_per_rater)),
             fmt::format("+-{:.1f} points", 100 * row.half_width), fmt::format("{:.1f}", hours(options, row))});
    }
    print_table(table, kWideColumns);
    const std::string assumed = options.what == Planned::Win
                                    ? fmt::format("{:.0f} % wins, {:.0f} % ties, {:.0f} % losses", 100 * options.win,
                                                  100 * options.tie, 100 * (1 - options.win - options.tie))
                                    : fmt::format("{:.1f} % violations", 100 * options.violation);
    print("\n");
    print_paragraph(
        fmt::format("Assumed: {}; a correlation of {:.2f} between raters of one item; {} items a rater; {:g} s a "
                    "rating.",
                    assumed, options.correlation, options.items_per_rater, options.seconds),
        kWideColumns);
    print_paragraph(
        "Interval: +- 1.96 sqrt(variance (1 + (k - 1) correlation) / (items k)), k raters an item (Kish 1965, "
        "the design effect of clusters of k).",
        kWideColumns);
}

ExitCode plan(const RatePlanOptions& options) {
    if (options.win + options.tie > 1)
        throw base::UsageError(
            fmt::format("--win {:g} and --tie {:g} are more than 1 together", options.win, options.tie));
    const std::vector<Row> rows = rows_of(options);
    if (rows.front().study.variance <= 0)
        throw base::UsageError("with these shares every rating is the same: there is nothing to measure");
    if (options.json) {
        print_json(to_json(options, rows));
    } else {
        print_plan(options, rows);
    }
    return ExitCode::Done;
}

}  // namespace

void add_rate_plan(Verb& rate) {
    Verb& verb = rate.verb("plan", "How many items and raters an interval of a wanted width needs");
    auto& options = verb.command(plan);
    verb.option("--measure", "WHAT", choice(options.what, {{"win", Planned::Win}, {"violation", Planned::Violation}}),
                "win (default): the share of wins, ties as half; violation: the share of ratings 1 and 2 of a safety "
                "study");
    Option& half_width = verb.option("--half-width", "X", real_number(options.half_width, 0.0005, 0.5),
                                     "Half the width of the 95 % interval, as a share (default: 0.03, 3 points)");
    verb.option("--items", "N", whole_number(options.items, 1), "The width that so many items give")
        .of_its_verb()
        .excludes(half_width);
    verb.option("--raters-per-item", "K", whole_number(options.raters_per_item, 1),
                "Ratings of an item (default: 1, 2, 3 and 5)")
        .of_its_verb();
    verb.heading("Assumptions");
    verb.option("--win", "X", real_number(options.win, 0, 1), "Share of wins (default: 0.36)");
    verb.option("--tie", "X", real_number(options.tie, 0, 1), "Share of ties (default: 0.32)");
    verb.option("--violation", "X", real_number(options.violation, 0, 1), "Share of violations (default: 0.05)");
    verb.option("--correlation", "X", real_number(options.correlation, 0, 1),
                "Correlation between raters of one item: 0, as if they rated different ones; 1, all alike (default: "
                "0.4)");
    verb.option("--items-per-rater", "N", whole_number(options.items_per_rater, 1), "Items a rater (default: 100)")
        .of_its_verb();
    verb.option("--seconds", "X", real_number(options.seconds, 1, 86400), "Time of a rating (default: 60)");
    json_flag(verb, options.json);
    verb.example("bellwether rate plan --half-width 0.02");
    verb.example("bellwether rate plan --measure violation --violation 0.1 --items 2000");
}

}  // namespace harness::cli
