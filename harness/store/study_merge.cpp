#include "harness/store/study_merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "harness/store/database.hpp"
#include "harness/store/error.hpp"
#include "harness/store/rating_store.hpp"
#include "harness/store/statement.hpp"
#include "harness/store/study_store.hpp"
#include "harness/store/transaction.hpp"

namespace harness::store {
namespace {

/// Copies one study at a time from one database to another.
class Merge {
public:
    Merge(const Database& source, const Database& target) : source_(source), target_(target) {}

    void copy(const StudyRow& study) {
        const std::vector<StudyItemRow> items = from_.items(study.id);
        const StudyRow here = to_.add(study, items);
        ++merged_.studies;
        copy_raters(study, here);
        copy_states(study, here);
        std::map<std::int64_t, std::int64_t> item_here;
        const std::vector<StudyItemRow> items_here = to_.items(here.id);
        for (std::size_t i = 0; i < items.size(); ++i) item_here[items[i].id] = items_here.at(i).id;
        copy_ratings(study, here, item_here);
    }

    const MergedStudies& merged() const { return merged_; }

private:
    void copy_raters(const StudyRow& study, const StudyRow& here) {
        const std::vector<RaterRow> known = to_.raters(here.id);
        for (const RaterRow& rater : from_.raters(study.id)) {
            if (std::any_of(known.begin(), known.end(), [&](const RaterRow& one) { return one.id == rater.id; }))
                continue;
            to_.add_rater(here.id, rater);
            ++merged_.raters;
        }
        Statement rows(source_, R"sql(
            SELECT rater, at, state, reason FROM rater_state JOIN rater ON rater.id = rater WHERE study = ?1)sql");
        Statement add(target_, R"sql(
            INSERT INTO rater_state (rater, at, state, reason) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING)sql");
        rows.bind(study.id);
        while (rows.step()) add.bind(rows.text(0), rows.integer(1), rows.text(2), rows.text(3)).run();
    }

    void copy_states(const StudyRow& study, const StudyRow& here) {
        Statement rows(source_, "SELECT at, state, note FROM study_state WHERE study = ?1");
        Statement add(target_, R"sql(
            INSERT INTO study_state (study, at, state, note) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING)sql");
        rows.bind(study.id);
        while (rows.step()) add.bind(here.id, rows.integer(0), rows.text(1), rows.text(2)).run();
    }

    void copy_ratings(const StudyRow& study, const StudyRow& here,
                      const std::map<std::int64_t, std::int64_t>& item_here) {
        std::map<std::string, AssignmentRow> assigned;
        for (AssignmentRow& row : ratings_to_.assignments(here.id)) assigned.emplace(row.id, std::move(row));
        for (AssignmentRow row : ratings_from_.assignments(study.id)) {
            row.item = item_here.at(row.item);
            const auto found = assigned.find(row.id);
            if (found == assigned.end()) {
                ratings_to_.add_assignment(row);
            } else if (found->second.item != row.item || found->second.rater != row.rater ||
                       found->second.left_slot != row.left_slot) {
                fail(study, row.id);
            }
        }
        std::map<std::pair<std::string, UnixMs>, RatingEventRow> events;
        for (RatingEventRow& row : ratings_to_.events(here.id)) {
            const std::pair key(row.assignment, row.at);
            events.emplace(key, std::move(row));
        }
        for (const RatingEventRow& row : ratings_from_.events(study.id)) {
            const auto found = events.find({row.assignment, row.at});
            if (found != events.end()) {
                if (found->second != row) fail(study, row.assignment);
                continue;
            }
            ratings_to_.add_event(row);
            ++merged_.events;
        }
    }

    [[noreturn]] void fail(const StudyRow& study, const std::string& assignment) const {
        throw StoreError(
            fmt::format("{}: study '{}': assignment {} differs from that in {}: one of the files was changed by hand, "
                        "or both were rated as copies of one file",
                        source_.path(), study.name, assignment, target_.path()));
    }

    const Database& source_;
    const Database& target_;
    StudyStore from_{source_};
    StudyStore to_{target_};
    RatingStore ratings_from_{source_};
    RatingStore ratings_to_{target_};
    MergedStudies merged_;
};

}  // namespace

MergedStudies merge_studies(const Database& source, const Database& target) {
    const ReadTransaction one_moment(source);
    Transaction transaction(target);
    Merge merge(source, target);
    for (const StudyRow& study : StudyStore(source).studies()) merge.copy(study);
    transaction.commit();
    return merge.merged();
}

}  // namespace harness::store
