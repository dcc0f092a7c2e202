#include "harness/store/rating_store.hpp"

#include "harness/store/database.hpp"
#include "harness/store/statement.hpp"
#include "harness/store/transaction.hpp"

namespace harness::store {
namespace {

/// The four columns of a choice from `column` on.
Choice choice_at(const Statement& row, int column) {
    return {.value = row.optional_integer(column),
            .both_bad = row.optional_flag(column + 1),
            .left_safe = row.optional_flag(column + 2),
            .right_safe = row.optional_flag(column + 3)};
}

}  // namespace

class RatingStore::Impl {
public:
    explicit Impl(const Database& database) : db(database) {}

    const Database& db;
    Statement assignments{db, R"sql(
        SELECT assignment.id, item, rater, left_slot, assigned, lease_until
        FROM assignment JOIN study_item ON study_item.id = item WHERE study = ?1 ORDER BY assigned, assignment.id)sql"};
    Statement events{db, R"sql(
        SELECT rating_event.assignment, at, rating_event.kind, session, reason, note, seconds, standing,
            value, both_bad, left_safe, right_safe
        FROM rating_event JOIN assignment ON assignment.id = rating_event.assignment
            JOIN study_item ON study_item.id = item
        WHERE study = ?1 ORDER BY rating_event.assignment, at)sql"};
    Statement draft{db, R"sql(
        SELECT at, note, seconds, value, both_bad, left_safe, right_safe FROM rating_draft WHERE assignment = ?1)sql"};
    Statement add_assignment{db, R"sql(
        INSERT INTO assignment (id, item, rater, left_slot, assigned, lease_until) VALUES (?1, ?2, ?3, ?4, ?5, ?6))sql"};
    Statement renew{db, "UPDATE assignment SET lease_until = ?2 WHERE id = ?1"};
    Statement add_event{db, R"sql(
        INSERT INTO rating_event (assignment, at, kind, session, reason, note, seconds, standing, value, both_bad,
            left_safe, right_safe)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12))sql"};
    Statement drop_draft{db, "DELETE FROM rating_draft WHERE assignment = ?1"};
    Statement save_draft{db, R"sql(
        INSERT OR REPLACE INTO rating_draft (assignment, at, note, seconds, value, both_bad, left_safe, right_safe)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8))sql"};
};

RatingStore::RatingStore(const Database& database) : impl_(std::make_unique<Impl>(database)) {}
RatingStore::~RatingStore() = default;
RatingStore::RatingStore(RatingStore&&) noexcept = default;

std::vector<AssignmentRow> RatingStore::assignments(std::int64_t study) const {
    std::vector<AssignmentRow> all;
    Statement& rows = impl_->assignments.bind(study);
    while (rows.step()) {
        all.push_back({.id = rows.text(0),
                       .item = rows.integer(1),
                       .rater = rows.text(2),
                       .left_slot = static_cast<std::uint32_t>(rows.count(3)),
                       .assigned = rows.integer(4),
                       .lease_until = rows.integer(5)});
    }
    impl_->db.check_unchanged();
    return all;
}

std::vector<RatingEventRow> RatingStore::events(std::int64_t study) const {
    std::vector<RatingEventRow> all;
    Statement& rows = impl_->events.bind(study);
    while (rows.step()) {
        all.push_back({.assignment = rows.text(0),
                       .at = rows.integer(1),
                       .kind = rows.text(2),
                       .session = rows.text(3),
                       .choice = choice_at(rows, 8),
                       .reason = rows.text(4),
                       .note = rows.text(5),
                       .seconds = rows.real(6),
                       .standing = rows.text(7)});
    }
    impl_->db.check_unchanged();
    return all;
}

std::optional<DraftRow> RatingStore::draft(const std::string& assignment) const {
    Statement& row = impl_->draft.bind(assignment);
    if (!row.step()) return std::nullopt;
    DraftRow draft{.assignment = assignment,
                   .at = row.integer(0),
                   .choice = choice_at(row, 3),
                   .note = row.text(1),
                   .seconds = row.real(2)};
    row.run();
    return draft;
}

void RatingStore::add_assignment(const AssignmentRow& assignment) {
    Transaction transaction(impl_->db);
    impl_->add_assignment
        .bind(assignment.id, assignment.item, assignment.rater, assignment.left_slot, assignment.assigned,
              assignment.lease_until)
        .run();
    transaction.commit();
}

void RatingStore::renew_lease(const std::string& assignment, UnixMs lease_until) {
    Transaction transaction(impl_->db);
    impl_->renew.bind(assignment, lease_until).run();
    transaction.commit();
}

void RatingStore::add_event(const RatingEventRow& event) {
    Transaction transaction(impl_->db);
    impl_->add_event
        .bind(event.assignment, event.at, event.kind, event.session, event.reason, event.note, event.seconds,
              event.standing, event.choice.value, event.choice.both_bad, event.choice.left_safe,
              event.choice.right_safe)
        .run();
    impl_->drop_draft.bind(event.assignment).run();
    transaction.commit();
}

void RatingStore::save_draft(const DraftRow& draft) {
    Transaction transaction(impl_->db);
    impl_->save_draft
        .bind(draft.assignment, draft.at, draft.note, draft.seconds, draft.choice.value, draft.choice.both_bad,
              draft.choice.left_safe, draft.choice.right_safe)
        .run();
    transaction.commit();
}

}  // namespace harness::store
