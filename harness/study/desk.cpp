#include "harness/study/desk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "harness/base/random_hex.hpp"
#include "harness/base/sha256.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/study/adaptive.hpp"
#include "harness/study/status.hpp"

namespace harness::study {
namespace {

using store::RaterSessionRow;
using store::UnixMs;

constexpr std::size_t kTokenBytes = 32;
/// A lease is written again only when that adds a tenth of its length: most requests then change nothing on the disk.
constexpr UnixMs kRenewalShare = 10;

store::StudyRow rated_here(const store::Database& database, const std::string& name) {
    store::StudyRow study = find_study(database, name);
    if (study.source != "page")
        throw base::UsageError(fmt::format("study '{}' was imported: it was rated elsewhere", name));
    return study;
}

}  // namespace

StudyDesk::StudyDesk(const store::Database& database, const std::string& name, Clock time)
    : db(database),
      study(rated_here(database, name)),
      definition(parse_definition(study.definition_json, "study '" + name + "'")),
      clock(std::move(time)) {
    read();
}

StudyDesk::Call::Call(StudyDesk& desk) : transaction_(desk.db), desk_(desk), exceptions_(std::uncaught_exceptions()) {
    if (desk.db.data_version() != desk.version) desk.read();
}

StudyDesk::Call::~Call() {
    if (std::uncaught_exceptions() > exceptions_) desk_.version = kUnknown;
}

void StudyDesk::read() {
    version = kUnknown;
    decided_changes_.reset();
    study = rated_here(db, study.name);
    state.emplace(db, study, definition);
    version = db.data_version();
}

std::optional<std::size_t> StudyDesk::rater_of(const RaterSessionRow& session) const {
    return session.ended ? std::nullopt : state->find_rater(session.rater);
}

std::optional<std::size_t> StudyDesk::own(const RaterSessionRow& session, const std::string& item) const {
    const auto rater = rater_of(session);
    const auto index = state->find_assignment(item);
    return rater && index && state->assignment(*index).rater == *rater ? index : std::nullopt;
}

ItemKind StudyDesk::kind_of(std::size_t assignment) const {
    return state->items()[state->assignment(assignment).item].kind;
}

bool StudyDesk::is_open_to(std::size_t rater) const {
    return study.state == "open" && !state->raters()[rater].row.excluded;
}

std::optional<std::size_t> StudyDesk::last_of(const RaterSessionRow& session, std::size_t rater) const {
    const std::vector<std::size_t>& history = state->raters()[rater].history;
    if (history.empty() || state->assignment(history.back()).session != session.id) return std::nullopt;
    // The feedback of a practice item told the right answer.
    if (kind_of(history.back()) == ItemKind::Practice) return std::nullopt;
    return history.back();
}

ShownItem StudyDesk::shown(std::size_t assignment) const {
    const AssignmentState& one = state->assignment(assignment);
    const store::StudyItemRow& row = state->item_rows()[one.item];
    ShownItem item{.id = one.row.id,
                   .turns = turns_from_json(row.turns_json),
                   .answers = {},
                   .is_practice = kind_of(assignment) == ItemKind::Practice,
                   .is_submitted = one.stage == Stage::InForce};
    for (const store::StudyAnswerRow& answer : row.answers) item.answers.push_back(answer.shown_text());
    if (one.row.left_slot == 1 && item.answers.size() == 2) std::swap(item.answers[0], item.answers[1]);
    if (const auto draft = ratings.draft(one.row.id)) {
        item.choice = draft->choice;
        item.note = draft->note;
        item.seconds = draft->seconds;
    } else if (one.stage == Stage::InForce) {
        item.choice = one.choice;
        item.note = one.note;
        item.seconds = one.seconds;
    }
    return item;
}

Progress StudyDesk::progress(std::size_t rater, UnixMs now, std::optional<std::size_t> room) const {
    if (!room) room = items_with_room(*state, definition, rater, now);
    const RaterState& who = state->raters()[rater];
    Progress progress{.done = who.submitted,
                      .left = items_left(*state, definition, rater, now, *room),
                      .open = open_assignments(*state, definition, rater, now),
                      .since_break = who.since_break,
                      .session_items = definition.session_items};
    for (const std::size_t item : state->items_of(ItemKind::Practice)) {
        if (!who.has[item]) ++progress.practice_left;
    }
    return progress;
}

std::optional<Feedback> StudyDesk::feedback(std::size_t assignment) const {
    const AssignmentState& one = state->assignment(assignment);
    const store::StudyItemRow& row = state->item_rows()[one.item];
    if (kind_of(assignment) != ItemKind::Practice || !row.right) return std::nullopt;
    return Feedback{.is_right = is_right(study.protocol, row, one), .text = row.feedback};
}

std::string StudyDesk::standing(const AssignmentState& one, UnixMs now) const {
    const ItemState& item = state->items()[one.item];
    if (item.kind == ItemKind::Rated && item.in_force >= definition.raters_per_item) return "extra";
    return one.row.lease_until <= now ? "late" : "";
}

void StudyDesk::renew(std::size_t assignment, UnixMs now) {
    const UnixMs length = state->lease_length();
    if (now + length - state->assignment(assignment).row.lease_until >= length / kRenewalShare)
        renew_fully(assignment, now);
}

void StudyDesk::renew_fully(std::size_t assignment, UnixMs now) {
    const UnixMs until = now + state->lease_length();
    ratings.renew_lease(state->assignment(assignment).row.id, until);
    state->renew(assignment, until);
}

std::size_t StudyDesk::assign(std::size_t item, std::size_t rater, UnixMs now) {
    const store::AssignmentRow row{.id = base::random_hex(kIdBytes),
                                   .item = state->item_rows()[item].id,
                                   .rater = state->raters()[rater].row.id,
                                   .left_slot = left_slot_for(*state, definition, item, rater),
                                   .assigned = now,
                                   .lease_until = now + state->lease_length()};
    ratings.add_assignment(row);
    return state->add_assignment(row, item, rater);
}

void StudyDesk::add_event(std::size_t assignment, store::RatingEventRow event, UnixMs now) {
    const AssignmentState& one = state->assignment(assignment);
    event.assignment = one.row.id;
    event.at = std::max(now, one.last_event + 1);
    ratings.add_event(event);
    state->add_event(event);
}

Priority StudyDesk::priority(std::size_t rater) {
    if (definition.assignment == Assignment::Plain) return {};
    if (decided_changes_ != state->changes()) {
        decided_ = decided_items(*state, pair_progress(*state, study));
        decided_changes_ = state->changes();
    }
    return [this, rater, now = clock()](std::size_t item) -> std::optional<double> {
        if (decided_[item]) return std::nullopt;
        return -static_cast<double>(state->taken(item, rater, now));
    };
}

Page StudyDesk::page(const RaterSessionRow& session, std::size_t rater, UnixMs now) {
    const RaterState& who = state->raters()[rater];
    if (who.row.excluded) return {.state = PageState::Excluded};
    if (study.state != "open")
        return {.state = study.state == "paused" ? PageState::Paused : PageState::Closed,
                .progress = progress(rater, now)};
    Next next = next_for(*state, definition, rater, now, priority(rater));
    Page page{.can_undo = last_of(session, rater).has_value()};
    switch (next.kind) {
        case Next::Kind::Resume:
            renew(next.index, now);
            page.item = shown(next.index);
            break;
        case Next::Kind::Assign:
            page.item = shown(assign(next.index, rater, now));
            if (next.room && state->items()[next.index].kind == ItemKind::Rated) --*next.room;
            break;
        case Next::Kind::Waiting: page.state = PageState::Waiting; break;
        case Next::Kind::Finished: page.state = PageState::Finished; break;
        case Next::Kind::Break:
            page.state = PageState::Break;
            page.resume_at = who.last_submission + definition.break_minutes * kMsPerMinute;
            break;
    }
    if (page.item) page.state = PageState::Rating;
    page.progress = progress(rater, now, next.room);
    return page;
}

Invitation StudyDesk::add_link(const std::string& rater, UnixMs now) {
    Invitation link{.rater = rater, .token = base::random_hex(kTokenBytes)};
    studies.add_invitation(base::sha256_hex(link.token), rater, now);
    return link;
}

void StudyDesk::set_state(const std::string& word, const std::string& note) {
    Call call(*this);
    studies.set_state(study.id, clock(), word, note);
    study.state = word;
    call.commit();
}

bool StudyDesk::set_excluded(const std::string& rater, Excluded excluded, const std::string& reason) {
    Call call(*this);
    const auto index = state->find_rater(rater);
    if (index) {
        studies.set_rater_state(rater, clock(), excluded == Excluded::Yes ? "excluded" : "active", reason);
        state->set_excluded(*index, excluded, reason);
    }
    call.commit();
    return index.has_value();
}

}  // namespace harness::study
