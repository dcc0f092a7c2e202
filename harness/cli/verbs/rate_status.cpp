#include <fmt/chrono.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/store/study_store.hpp"
#include "harness/study/service.hpp"
#include "harness/study/status.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;
using reports::sections::Column;
using reports::sections::Table;
using study::RaterStatus;
using study::StudyStatus;

constexpr std::size_t kStatusColumns = 160;

struct RateStatusOptions {
    std::string study;  ///< empty: all
    std::string database;
    bool json = false;
};

std::string date_of(store::UnixMs time) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(time / 1000)));
}

json to_json(const RaterStatus& rater) {
    return {{"rater", rater.rater.id},
            {"number", rater.rater.number + 1},
            {"note", rater.rater.note},
            {"excluded", rater.rater.excluded},
            {"reason", rater.rater.reason},
            {"submitted", rater.submitted},
            {"counted", rater.counted},
            {"skipped", rater.skipped},
            {"median_seconds", rater.median_seconds},
            {"gold", {{"right", rater.gold_right}, {"total", rater.gold}}},
            {"attention", {{"right", rater.attention_right}, {"total", rater.attention}}},
            {"longest_streak", rater.longest_streak},
            {"left_preferred", rater.left_preferred},
            {"right_preferred", rater.right_preferred},
            {"agreement", {{"agreeing", rater.agreeing}, {"total", rater.with_majority}}},
            {"last_seen", rater.last_seen ? json(date_of(*rater.last_seen)) : json()}};
}

json to_json(const StudyStatus& status) {
    json raters = json::array();
    for (const RaterStatus& rater : status.raters) raters.push_back(to_json(rater));
    json pairs = json::array();
    for (const study::PairStatus& pair : status.pairs) {
        pairs.push_back({{"first", pair.first},
                         {"second", pair.second},
                         {"items", pair.items},
                         {"mean", pair.mean},
                         {"interval", {pair.low, pair.high}},
                         {"decided", pair.is_decided()}});
    }
    json by_ratings = json::object();
    for (const auto& [number, items] : status.items_by_ratings) by_ratings[std::to_string(number)] = items;
    return {{"name", status.study.name},
            {"protocol", status.study.protocol},
            {"source", status.study.source},
            {"state", status.study.state},
            {"hash", status.study.hash},
            {"opened", date_of(status.study.opened)},
            {"items", status.items},
            {"complete_items", status.complete},
            {"ratings_wanted", status.wanted},
            {"ratings_counted", status.counted},
            {"ratings_extra", status.extra},
            {"ratings_of_excluded_raters", status.of_excluded},
            {"agreement", {{"agreeing", status.agreeing()}, {"total", status.with_majority()}}},
            {"items_by_ratings", std::move(by_ratings)},
            {"leases", status.active_leases},
            {"skips", status.skips},
            {"scrubbed_answers", status.scrubbed},
            {"assignment", status.is_adaptive ? "adaptive" : "plain"},
            {"pairs", std::move(pairs)},
            {"raters", std::move(raters)}};
}

std::string part(std::size_t hits, std::size_t total) {
    return total == 0 ? "" : fmt::format("{} of {}", hits, total);
}

void print_list(const std::vector<StudyStatus>& studies) {
    Table table = table_of({{"study", Column::Key},
                            {"protocol", Column::Text},
                            {"state", Column::Text},
                            {"items", Column::Number},
                            {"complete", Column::Number},
                            {"ratings", Column::Number},
                            {"raters", Column::Number},
                            {"opened", Column::Text}});
    for (const StudyStatus& one : studies) {
        table.rows.push_back({one.study.name, one.study.protocol,
                              one.study.source == "import" ? "imported" : one.study.state, std::to_string(one.items),
                              std::to_string(one.complete), part(one.counted, one.wanted),
                              std::to_string(one.raters.size()), date_of(one.study.opened)});
    }
    print_table(table, kStatusColumns);
}

void print_raters(const StudyStatus& status) {
    Table table = table_of({{"", Column::Number},
                            {"rater", Column::Key},
                            {"rated", Column::Number},
                            {"counted", Column::Number},
                            {"skipped", Column::Number},
                            {"seconds", Column::Number},
                            {"gold", Column::Number},
                            {"attention", Column::Number},
                            {"streak", Column::Number},
                            {"left/right", Column::Number},
                            {"agreement", Column::Number},
                            {"last answer", Column::Text},
                            {"", Column::Text}});
    for (const RaterStatus& one : status.raters) {
        std::string remark = one.rater.note;
        if (one.rater.excluded) remark += fmt::format("{}excluded: {}", remark.empty() ? "" : "; ", one.rater.reason);
        table.rows.push_back({std::to_string(one.rater.number + 1), one.rater.id.substr(0, 8),
                              std::to_string(one.submitted), std::to_string(one.counted), std::to_string(one.skipped),
                              fmt::format("{:.0f}", one.median_seconds), part(one.gold_right, one.gold),
                              part(one.attention_right, one.attention), std::to_string(one.longest_streak),
                              fmt::format("{}/{}", one.left_preferred, one.right_preferred),
                              part(one.agreeing, one.with_majority), one.last_seen ? date_of(*one.last_seen) : "never",
                              std::move(remark)});
    }
    print_table(table, kStatusColumns);
}

void print_pairs(const StudyStatus& status) {
    Table table = table_of({{"first", Column::Key},
                            {"second", Column::Key},
                            {"complete", Column::Number},
                            {"first wins", Column::Number},
                            {"interval", Column::Number},
                            {"", Column::Text}});
    for (const study::PairStatus& pair : status.pairs) {
        table.rows.push_back({pair.first, pair.second, std::to_string(pair.items),
                              pair.items == 0 ? "" : fmt::format("{:.1f} %", 100 * pair.mean),
                              fmt::format("{:.1f} to {:.1f}", 100 * pair.low, 100 * pair.high),
                              pair.is_decided() ? "decided" : ""});
    }
    print_table(table, kStatusColumns);
    print("\n");
    print_paragraph(
        fmt::format("first wins: mean over complete items, ties as half. The interval may be looked at at any "
                    "time (95 % for all pairs together).{}",
                    status.is_adaptive ? " Decided pairs get no more ratings (adaptive assignment)." : ""),
        kStatusColumns);
    print("\n");
}

void print_status(const StudyStatus& status) {
    print_list({status});
    print("\n");
    std::string line = fmt::format("{} extra ratings, {} of excluded raters, {} items being rated now.", status.extra,
                                   status.of_excluded, status.active_leases);
    for (const auto& [reason, number] : status.skips) line += fmt::format(" {} skips ({}).", number, reason);
    if (status.scrubbed > 0) line += fmt::format(" {} answers are shown with names taken out.", status.scrubbed);
    if (status.with_majority() > 0)
        line += fmt::format(" Agreement with the others: {}.", part(status.agreeing(), status.with_majority()));
    print_paragraph(line, kStatusColumns);
    print("\n");
    if (!status.pairs.empty()) print_pairs(status);
    if (status.raters.empty()) {
        print_paragraph(fmt::format("No raters yet: bellwether rate invite '{}'", status.study.name), kStatusColumns);
        return;
    }
    print_raters(status);
    print("\n");
    print_paragraph(
        "seconds: median time at work on an item. streak: most items in a row with the same point. left/right: "
        "how often each side was preferred; they should be near each other. agreement: ratings that say what more "
        "than half of the others say, of those with two or more others and such a majority.",
        kStatusColumns);
}

ExitCode status(const RateStatusOptions& options) {
    const store::Database database = database_to_read(options.database);
    std::vector<StudyStatus> studies;
    if (options.study.empty()) {
        for (const store::StudyRow& one : store::StudyStore(database).studies())
            studies.push_back(study::read_status(database, one.name, study::system_now()));
    } else {
        studies.push_back(study::read_status(database, options.study, study::system_now()));
    }
    if (options.json) {
        json list = json::array();
        for (const StudyStatus& one : studies) list.push_back(to_json(one));
        print_json(options.study.empty() ? list : list.front());
    } else if (studies.empty()) {
        print_paragraph("No studies; 'bellwether rate open-study' makes one");
    } else if (options.study.empty()) {
        print_list(studies);
    } else {
        print_status(studies.front());
    }
    return ExitCode::Done;
}

}  // namespace

void add_rate_status(Verb& rate) {
    Verb& verb = rate.verb("status", "The studies of a database, or how one of them and its raters stand");
    auto& options = verb.command(status);
    verb.argument("STUDY", text_not_empty(options.study), "Name of the study (default: all of them)");
    database_option(verb, options.database);
    json_flag(verb, options.json);
    verb.example("bellwether rate status");
    verb.example("bellwether rate status helpful");
}

}  // namespace harness::cli
