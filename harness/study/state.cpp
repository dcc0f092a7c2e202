#include "harness/study/state.hpp"

#include <algorithm>
#include <utility>

#include "harness/store/error.hpp"
#include "harness/store/rating_store.hpp"
#include "harness/store/study_store.hpp"

namespace harness::study {
namespace {

using store::UnixMs;

/// The median of so many submissions tells how long an item takes.
constexpr std::size_t kRecent = 101;
constexpr double kLeaseMedians = 3;

ItemKind kind_of_item(const std::string& word) {
    if (word == "gold") return ItemKind::Gold;
    if (word == "attention") return ItemKind::Attention;
    return word == "practice" ? ItemKind::Practice : ItemKind::Rated;
}

}  // namespace

StudyState::StudyState(const store::Database& database, const store::StudyRow& study, const Definition& definition)
    : definition_(definition) {
    const store::StudyStore studies(database);
    const store::RatingStore ratings(database);
    item_rows_ = studies.items(study.id);
    std::unordered_map<std::int64_t, std::size_t> item_of;
    for (const store::StudyItemRow& row : item_rows_) {
        if (row.answers.size() != scale_of(definition.protocol).answers)
            throw store::StoreError("an item of study '" + study.name + "' lacks an answer; the file is damaged");
        item_of[row.id] = items_.size();
        const ItemKind kind = kind_of_item(row.kind);
        by_kind_[static_cast<std::size_t>(kind)].push_back(items_.size());
        items_.push_back({.kind = kind});
    }
    for (const store::RaterRow& row : studies.raters(study.id)) add_rater(row);
    for (const store::AssignmentRow& row : ratings.assignments(study.id)) {
        const auto rater = find_rater(row.rater);
        const auto item = item_of.find(row.item);
        if (!rater || item == item_of.end())
            throw store::StoreError("an assignment of study '" + study.name + "' has no rater; the file is damaged");
        add_assignment(row, item->second, *rater);
    }
    std::vector<store::RatingEventRow> events = ratings.events(study.id);
    std::stable_sort(events.begin(), events.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    for (const store::RatingEventRow& event : events) add_event(event);
}

std::optional<std::size_t> StudyState::find_rater(const std::string& id) const {
    const auto found = rater_index_.find(id);
    return found == rater_index_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::size_t> StudyState::find_assignment(const std::string& id) const {
    const auto found = assignment_index_.find(id);
    return found == assignment_index_.end() ? std::nullopt : std::optional(found->second);
}

std::size_t StudyState::taken(std::size_t item, std::size_t rater, UnixMs now) const {
    std::size_t taken = items_[item].in_force;
    if (items_[item].open == 0) return taken;
    for (const std::size_t index : items_[item].assignments) {
        const AssignmentState& one = assignments_[index];
        const bool is_leased = one.stage == Stage::Open && one.row.lease_until > now && one.rater != rater;
        if (is_leased && !raters_[one.rater].row.excluded) ++taken;
    }
    return taken;
}

UnixMs StudyState::lease_length() const {
    const UnixMs least = definition_.lease_minutes * kMsPerMinute;
    if (recent_seconds_.empty()) return least;
    std::vector<double> sorted(recent_seconds_.begin(), recent_seconds_.end());
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    return std::max(least, static_cast<UnixMs>(kLeaseMedians * *middle * 1000));
}

void StudyState::add_rater(const store::RaterRow& rater) {
    rater_index_[rater.id] = raters_.size();
    raters_.push_back({.row = rater, .has = std::vector<bool>(items_.size())});
}

void StudyState::set_excluded(std::size_t rater, Excluded excluded, const std::string& reason) {
    const bool is_excluded = excluded == Excluded::Yes;
    ++changes_;
    RaterState& state = raters_.at(rater);
    state.row.reason = reason;
    if (state.row.excluded == is_excluded) return;
    state.row.excluded = is_excluded;
    for (const std::size_t index : state.history) {
        std::size_t& in_force = items_[assignments_[index].item].in_force;
        is_excluded ? --in_force : ++in_force;
    }
}

std::size_t StudyState::add_assignment(const store::AssignmentRow& row, std::size_t item, std::size_t rater) {
    const std::size_t index = assignments_.size();
    assignment_index_[row.id] = index;
    assignments_.push_back({.row = row, .item = item, .rater = rater});
    const int side = row.left_slot == 0 ? 1 : -1;
    ItemState& on_item = items_.at(item);
    on_item.assignments.push_back(index);
    ++on_item.open;
    on_item.left_balance += side;
    RaterState& of_rater = raters_.at(rater);
    of_rater.assignments.push_back(index);
    of_rater.open.push_back(index);
    of_rater.has.at(item) = true;
    if (on_item.kind != ItemKind::Practice) ++of_rater.served;
    // Checks and practice have answers that look their part: their sides say nothing about the variants.
    if (on_item.kind == ItemKind::Rated) of_rater.left_balance += side;
    return index;
}

void StudyState::renew(std::size_t assignment, UnixMs lease_until) {
    assignments_.at(assignment).row.lease_until = lease_until;
}

void StudyState::add_event(const store::RatingEventRow& event) {
    ++changes_;
    const std::size_t index = assignment_index_.at(event.assignment);
    AssignmentState& state = assignments_[index];
    state.last_event = event.at;
    if (event.kind == "undo" || event.kind == "skip") {
        if (state.stage == Stage::InForce) withdraw(index);
        set_stage(index, event.kind == "undo" ? Stage::Open : Stage::Skipped);
        state.reason = event.reason;
        state.note = event.note;
        if (state.stage == Stage::Skipped) {
            // Given to someone else instead: its side does not count in the item's balance.
            items_[state.item].left_balance -= state.row.left_slot == 0 ? 1 : -1;
        }
        return;
    }
    submit(index, event);
}

void StudyState::set_stage(std::size_t index, Stage stage) {
    AssignmentState& state = assignments_[index];
    if (state.stage == stage) return;
    ItemState& item = items_[state.item];
    std::vector<std::size_t>& open = raters_[state.rater].open;
    if (state.stage == Stage::Open) {
        --item.open;
        std::erase(open, index);
    }
    if (stage == Stage::Open) {
        ++item.open;
        open.push_back(index);
    }
    state.stage = stage;
}

void StudyState::submit(std::size_t index, const store::RatingEventRow& event) {
    AssignmentState& state = assignments_[index];
    state.choice = event.choice;
    state.note = event.note;
    state.seconds = event.seconds;
    state.session = event.session;
    if (state.stage == Stage::InForce) return;  // an edit
    set_stage(index, Stage::InForce);
    state.in_force_since = event.at;
    RaterState& rater = raters_[state.rater];
    rater.history.push_back(index);
    if (!rater.row.excluded) ++items_[state.item].in_force;
    recent_seconds_.push_back(event.seconds);
    if (recent_seconds_.size() > kRecent) recent_seconds_.pop_front();
    if (items_[state.item].kind == ItemKind::Practice) return;
    ++rater.submitted;
    count_towards_break(rater, event.at);
}

void StudyState::withdraw(std::size_t index) {
    const AssignmentState& state = assignments_[index];
    RaterState& rater = raters_[state.rater];
    std::erase(rater.history, index);
    if (!rater.row.excluded) --items_[state.item].in_force;
    if (items_[state.item].kind == ItemKind::Practice) return;
    --rater.submitted;
    if (rater.since_break > 0) --rater.since_break;
}

void StudyState::count_towards_break(RaterState& rater, UnixMs at) const {
    const bool had_break = at - rater.last_submission >= definition_.break_minutes * kMsPerMinute;
    rater.since_break = had_break ? 1 : rater.since_break + 1;
    rater.last_submission = at;
}

}  // namespace harness::study
