#include "harness/study/service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "harness/base/random_hex.hpp"
#include "harness/base/sha256.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/study/desk.hpp"
#include "harness/study/status.hpp"

namespace harness::study {

using store::Choice;
using store::RaterSessionRow;
using store::UnixMs;

namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kMaxNote = 4000;

/// A time that a browser sent may be anything.
double plausible(double seconds) {
    return std::isfinite(seconds) && seconds > 0 ? seconds : 0;
}

}  // namespace

UnixMs system_now() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

StudyService::StudyService(const store::Database& database, const std::string& study, Clock clock)
    : desk_(std::make_unique<StudyDesk>(database, study, std::move(clock))) {}
StudyService::~StudyService() = default;
StudyService::StudyService(StudyService&&) noexcept = default;

const store::StudyRow& StudyService::study() {
    return desk_->study;
}
Protocol StudyService::protocol() const {
    return desk_->definition.protocol;
}
const std::string& StudyService::question() const {
    return desk_->definition.question;
}
void StudyService::forget() {
    desk_->version = StudyDesk::kUnknown;
}

std::optional<NewSession> StudyService::begin_session(const std::string& token) {
    StudyDesk::Call call(*desk_);
    const UnixMs now = desk_->clock();
    const auto rater = desk_->studies.use_invitation(desk_->study.id, base::sha256_hex(token), now);
    const auto index = rater ? desk_->state->find_rater(*rater) : std::nullopt;
    if (!index || desk_->state->raters()[*index].row.excluded) return std::nullopt;
    NewSession begun{.session = {.id = base::random_hex(kIdBytes), .rater = *rater, .started = now},
                     .secret = base::random_hex(kSecretBytes)};
    desk_->studies.add_session(begun.session, base::sha256_hex(begun.secret));
    call.commit();
    return begun;
}

std::optional<RaterSessionRow> StudyService::session(const std::string& secret) {
    auto found = desk_->studies.session(desk_->study.id, base::sha256_hex(secret));
    const bool is_valid = found && !found->ended && desk_->clock() - found->started < kMaxSessionAge;
    return is_valid ? found : std::nullopt;
}

void StudyService::end_session(const RaterSessionRow& session) {
    desk_->studies.end_session(session.id, desk_->clock());
}

Invitation StudyService::new_link(const std::string& rater) {
    StudyDesk::Call call(*desk_);
    if (!desk_->state->find_rater(rater))
        throw base::UsageError(fmt::format("study '{}' has no rater {}", desk_->study.name, rater));
    Invitation link = desk_->add_link(rater, desk_->clock());
    call.commit();
    return link;
}

Page StudyService::current(const RaterSessionRow& session) {
    StudyDesk::Call call(*desk_);
    const auto rater = desk_->rater_of(session);
    Page page = rater ? desk_->page(session, *rater, desk_->clock()) : Page{.state = PageState::Excluded};
    call.commit();
    return page;
}

bool StudyService::renew(const RaterSessionRow& session, const std::string& item) {
    StudyDesk::Call call(*desk_);
    const auto index = desk_->own(session, item);
    const bool is_open = index && desk_->state->assignment(*index).stage == Stage::Open;
    if (is_open) desk_->renew(*index, desk_->clock());
    call.commit();
    return is_open;
}

bool StudyService::save_draft(const RaterSessionRow& session, const std::string& item, const Choice& choice,
                              const std::string& note, double seconds) {
    StudyDesk::Call call(*desk_);
    const auto index = desk_->own(session, item);
    const bool is_open = index && desk_->state->assignment(*index).stage != Stage::Skipped && note.size() <= kMaxNote &&
                         desk_->is_open_to(desk_->state->assignment(*index).rater);
    if (is_open) {
        const UnixMs now = desk_->clock();
        desk_->ratings.save_draft(
            {.assignment = item, .at = now, .choice = choice, .note = note, .seconds = plausible(seconds)});
        if (desk_->state->assignment(*index).stage == Stage::Open) desk_->renew(*index, now);
    }
    call.commit();
    return is_open;
}

SubmitResult StudyService::submit(const RaterSessionRow& session, const std::string& item, const Choice& choice,
                                  const std::string& note, double seconds) {
    StudyDesk::Call call(*desk_);
    const auto index = desk_->own(session, item);
    if (!index) return {SubmitOutcome::NotYours, "This item is not yours.", {}};
    const AssignmentState& one = desk_->state->assignment(*index);
    if (!desk_->is_open_to(one.rater)) return {SubmitOutcome::NotNow, "The study takes no answers at the moment.", {}};
    const bool is_edit = one.stage == Stage::InForce;
    const bool is_practice = desk_->kind_of(*index) == ItemKind::Practice;
    if (one.stage == Stage::Skipped || (is_edit && (one.session != session.id || is_practice)))
        return {SubmitOutcome::NotYours, "This item cannot be changed any more.", {}};
    if (std::string mistake = mistake_in(desk_->definition.protocol, choice); !mistake.empty())
        return {SubmitOutcome::Incomplete, std::move(mistake), {}};
    if (note.size() > kMaxNote)
        return {SubmitOutcome::Incomplete, fmt::format("Please keep the note below {} bytes.", kMaxNote), {}};
    const UnixMs now = desk_->clock();
    const double passed = static_cast<double>(now - one.row.assigned) / 1000;
    desk_->add_event(*index,
                     {.kind = is_edit ? "edit" : "submit",
                      .session = session.id,
                      .choice = choice,
                      .note = note,
                      .seconds = std::min(plausible(seconds), std::max(0.0, passed)),
                      .standing = is_edit ? "" : desk_->standing(one, now)},
                     now);
    call.commit();
    return {SubmitOutcome::Stored, {}, desk_->feedback(*index)};
}

bool StudyService::undo(const RaterSessionRow& session) {
    StudyDesk::Call call(*desk_);
    const auto rater = desk_->rater_of(session);
    const auto last = rater && desk_->is_open_to(*rater) ? desk_->last_of(session, *rater) : std::nullopt;
    if (last) {
        const UnixMs now = desk_->clock();
        const AssignmentState before = desk_->state->assignment(*last);
        desk_->add_event(*last, {.kind = "undo", .session = session.id}, now);
        desk_->ratings.save_draft({.assignment = before.row.id,
                                   .at = now,
                                   .choice = before.choice,
                                   .note = before.note,
                                   .seconds = before.seconds});
        desk_->renew_fully(*last, now);
    }
    call.commit();
    return last.has_value();
}

bool StudyService::skip(const RaterSessionRow& session, const std::string& item, const std::string& reason,
                        const std::string& note) {
    StudyDesk::Call call(*desk_);
    const auto reasons = skip_reasons();
    const bool is_known =
        std::any_of(reasons.begin(), reasons.end(), [&reason](const SkipReason& one) { return one.word == reason; });
    const auto index = desk_->own(session, item);
    const bool may = is_known && index && note.size() <= kMaxNote &&
                     desk_->state->assignment(*index).stage == Stage::Open &&
                     desk_->is_open_to(desk_->state->assignment(*index).rater);
    if (may) {
        desk_->add_event(*index, {.kind = "skip", .session = session.id, .reason = reason, .note = note},
                         desk_->clock());
    }
    call.commit();
    return may;
}

std::vector<std::string> StudyService::submitted(const RaterSessionRow& session) {
    StudyDesk::Call call(*desk_);
    std::vector<std::string> items;
    if (const auto rater = desk_->rater_of(session)) {
        const std::vector<std::size_t>& history = desk_->state->raters()[*rater].history;
        for (auto index = history.rbegin(); index != history.rend(); ++index) {
            const AssignmentState& one = desk_->state->assignment(*index);
            if (one.session == session.id && desk_->kind_of(*index) != ItemKind::Practice) items.push_back(one.row.id);
        }
    }
    call.commit();
    return items;
}

std::optional<ShownItem> StudyService::look(const RaterSessionRow& session, const std::string& item) {
    const std::vector<std::string> items = submitted(session);
    if (std::find(items.begin(), items.end(), item) == items.end()) return std::nullopt;
    return desk_->shown(desk_->state->find_assignment(item).value());
}

Progress StudyService::progress(const RaterSessionRow& session) {
    StudyDesk::Call call(*desk_);
    const auto rater = desk_->rater_of(session);
    const Progress progress = rater ? desk_->progress(*rater, desk_->clock()) : Progress{};
    call.commit();
    return progress;
}

std::vector<Invitation> StudyService::invite(std::size_t raters, const std::string& note) {
    StudyDesk::Call call(*desk_);
    std::vector<Invitation> links;
    for (std::size_t i = 0; i < raters; ++i) {
        const UnixMs now = desk_->clock();
        const store::RaterRow rater{
            .id = base::random_hex(kIdBytes), .number = desk_->state->raters().size(), .note = note, .created = now};
        desk_->studies.add_rater(desk_->study.id, rater);
        desk_->state->add_rater(rater);
        links.push_back(desk_->add_link(rater.id, now));
    }
    call.commit();
    return links;
}

StudyStatus StudyService::status() {
    StudyDesk::Call call(*desk_);
    StudyStatus status = status_of(*desk_->state, desk_->study, desk_->clock());
    status.is_adaptive = desk_->definition.assignment == Assignment::Adaptive;
    call.commit();
    return status;
}

void StudyService::pause(const std::string& note) {
    desk_->set_state("paused", note);
}
void StudyService::resume(const std::string& note) {
    desk_->set_state("open", note);
}
void StudyService::close(const std::string& note) {
    desk_->set_state("closed", note);
}
bool StudyService::exclude(const std::string& rater, const std::string& reason) {
    return desk_->set_excluded(rater, Excluded::Yes, reason);
}
bool StudyService::include_again(const std::string& rater, const std::string& reason) {
    return desk_->set_excluded(rater, Excluded::No, reason);
}

}  // namespace harness::study
