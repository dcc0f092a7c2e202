#include "harness/interchange/ratings_import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "harness/base/json.hpp"
#include "harness/base/sha256.hpp"
#include "harness/interchange/error.hpp"
#include "harness/store/database.hpp"
#include "harness/store/rating_store.hpp"
#include "harness/store/study_store.hpp"
#include "harness/store/transaction.hpp"

namespace harness::interchange {
namespace {

using store::Rating;
using store::RatingStanding;

/// Puts rows together, and checks what concerns several of them.
class StudyMaker {
public:
    StudyMaker(ImportedStudy& study, const std::string& path) : made_(study), path_(path) {}

    void add(const RatingRow& row) {
        if (row.study.name != made_.study.name || row.study.protocol != made_.study.protocol ||
            row.study.raters != made_.study.raters) {
            fail(fmt::format("has rows of several studies: '{}' ({}) and '{}' ({}); import one at a time",
                             made_.study.name, made_.study.protocol, row.study.name, row.study.protocol));
        }
        // Rows are sorted by item: a new number is the next, or one is missing.
        if (row.item.number == made_.items.size()) {
            made_.items.push_back(row.item);
        } else if (row.item.number > made_.items.size()) {
            fail(fmt::format("item {} is missing, though there is an item {}", made_.items.size(), row.item.number));
        } else if (made_.items[row.item.number] != row.item) {
            fail(fmt::format("rows of item {} differ in what they say of it", row.item.number));
        }
        if (row.rating) add_rating(*row.rating);
    }

private:
    void add_rating(const Rating& rating) {
        if (!seen_.emplace(rating.item, rating.rater).second)
            fail(fmt::format("rater '{}' rated item {} twice", rating.rater, rating.item));
        if (!assignments_.insert(rating.assignment).second)
            fail(fmt::format("assignment '{}' is there twice", rating.assignment));
        const bool is_excluded = rating.standing == RatingStanding::Excluded;
        const auto [place, is_new] = raters_.emplace(rating.rater, made_.raters.size());
        if (is_new) {
            made_.raters.push_back({.id = rating.rater,
                                    .number = made_.raters.size(),
                                    .created = rating.at,
                                    .excluded = is_excluded,
                                    .reason = is_excluded ? "excluded where it was rated" : ""});
        } else if (made_.raters[place->second].excluded != is_excluded) {
            fail(fmt::format("rater '{}' is excluded in some rows only", rating.rater));
        }
        made_.assignments.push_back({.id = rating.assignment,
                                     .item = static_cast<std::int64_t>(rating.item),
                                     .rater = rating.rater,
                                     .left_slot = rating.first_left ? 0U : 1U,
                                     .assigned = rating.at,
                                     .lease_until = rating.at});
        made_.events.push_back(
            {.assignment = rating.assignment, .at = rating.at, .choice = choice_of(rating), .seconds = rating.seconds});
    }

    store::Choice choice_of(const Rating& rating) const {
        store::Choice choice{.value = rating.shown_value};
        if (made_.study.protocol == "pairwise") choice.both_bad = rating.both_bad;
        choice.left_safe = rating.first_left ? rating.first_safe : rating.second_safe;
        choice.right_safe = rating.first_left ? rating.second_safe : rating.first_safe;
        return choice;
    }

    [[noreturn]] void fail(const std::string& what) const { throw InterchangeError(path_ + ": " + what); }

    ImportedStudy& made_;
    const std::string& path_;
    std::set<std::pair<std::uint64_t, std::string>> seen_;
    std::set<std::string> assignments_;
    std::map<std::string, std::size_t> raters_;
};

}  // namespace

ImportedStudy study_of(std::vector<RatingRow> rows, const std::string& name, const std::string& path) {
    std::stable_sort(rows.begin(), rows.end(),
                     [](const RatingRow& a, const RatingRow& b) { return a.item.number < b.item.number; });
    ImportedStudy imported;
    imported.study = rows.front().study;
    StudyMaker maker(imported, path);
    std::vector<std::string> lines;
    for (const RatingRow& row : rows) {
        maker.add(row);
        lines.push_back(base::ordered_json_text(to_json(row)));
        if (row.rating) imported.study.opened = std::max(imported.study.opened, row.rating->at);
    }
    std::sort(lines.begin(), lines.end());
    base::Sha256 hash;
    for (const std::string& line : lines) hash.add(line + "\n");
    if (!name.empty()) imported.study.name = name;
    imported.study.hash = hash.hex();
    imported.study.source = "import";
    imported.study.definition_json = nlohmann::json{{"imported", true}, {"rows", rows.size()}}.dump();
    return imported;
}

std::optional<std::string> store_study(const store::Database& database, const ImportedStudy& imported) {
    store::Transaction transaction(database);
    store::StudyStore studies(database);
    std::set<std::string> raters;
    for (const store::RaterRow& rater : imported.raters) raters.insert(rater.id);
    for (const store::StudyRow& there : studies.studies()) {
        if (there.hash == imported.study.hash) return there.name;
        for (const store::RaterRow& rater : studies.raters(there.id)) {
            if (raters.contains(rater.id))
                throw InterchangeError(
                    fmt::format("rater '{}' is in study '{}' of {} already: these are ratings of the "
                                "same study. Import them into another database",
                                rater.id, there.name, database.path()));
        }
    }
    const store::StudyRow study = studies.add(imported.study, imported.items);
    const std::vector<store::StudyItemRow> items = studies.items(study.id);
    for (const store::RaterRow& rater : imported.raters) {
        studies.add_rater(study.id, rater);
        if (rater.excluded) studies.set_rater_state(rater.id, rater.created, "excluded", rater.reason);
    }
    store::RatingStore ratings(database);
    for (store::AssignmentRow assignment : imported.assignments) {
        assignment.item = items.at(static_cast<std::size_t>(assignment.item)).id;
        ratings.add_assignment(assignment);
    }
    for (const store::RatingEventRow& event : imported.events) ratings.add_event(event);
    transaction.commit();
    return std::nullopt;
}

}  // namespace harness::interchange
