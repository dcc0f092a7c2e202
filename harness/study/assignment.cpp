#include "harness/study/assignment.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

#include "reports/statistics/counter_random.hpp"

namespace harness::study {
namespace {

using reports::statistics::random_below;
using reports::statistics::random_bits;
using store::UnixMs;

/// Independent random numbers for each kind of choice.
enum class Stream : std::uint64_t { Order = 1, Side, CheckPlace, CheckChoice };

std::uint64_t bits(const Definition& definition, Stream stream, std::uint64_t a, std::uint64_t b) {
    return random_bits(definition.seed + (static_cast<std::uint64_t>(stream) << 56U), a, b);
}

/// Whether the rater can go on with an assignment: nobody else filled its place meanwhile.
bool can_go_on(const StudyState& state, const Definition& definition, std::size_t assignment, UnixMs now) {
    const AssignmentState& one = state.assignment(assignment);
    if (one.stage != Stage::Open) return false;
    return one.row.lease_until > now || state.items()[one.item].kind != ItemKind::Rated ||
           state.taken(one.item, one.rater, now) < definition.raters_per_item;
}

/// The open assignment that the rater can go on with and was given last, or took back last.
std::optional<std::size_t> open_assignment(const StudyState& state, const Definition& definition, std::size_t rater,
                                           UnixMs now) {
    std::optional<std::size_t> found;
    auto latest = std::pair(UnixMs{0}, UnixMs{0});
    for (const std::size_t index : state.raters()[rater].open) {
        const AssignmentState& one = state.assignment(index);
        const auto touched = std::pair(std::max(one.row.assigned, one.last_event), one.last_event);
        if (touched < latest || !can_go_on(state, definition, index, now)) continue;
        found = index;
        latest = touched;
    }
    return found;
}

std::optional<std::size_t> next_practice(const StudyState& state, std::size_t rater) {
    for (const std::size_t item : state.items_of(ItemKind::Practice)) {
        if (!state.raters()[rater].has[item]) return item;
    }
    return std::nullopt;
}

bool break_is_due(const RaterState& rater, const Definition& definition, UnixMs now) {
    return definition.session_items > 0 && rater.since_break >= definition.session_items &&
           now - rater.last_submission < UnixMs{definition.break_minutes} * 60'000;
}

std::vector<std::size_t> unseen_checks(const StudyState& state, const RaterState& who) {
    std::vector<std::size_t> unseen;
    for (const ItemKind kind : {ItemKind::Gold, ItemKind::Attention}) {
        for (const std::size_t item : state.items_of(kind)) {
            if (!who.has[item]) unseen.push_back(item);
        }
    }
    return unseen;
}

/// The place in the rater's sequence, practice left out, that is for a check: one in each block of `check_every`.
std::size_t check_place(const Definition& definition, const RaterState& who, std::size_t block) {
    return block * definition.check_every +
           random_below(bits(definition, Stream::CheckPlace, who.row.number, block), definition.check_every);
}

/// A hidden check, where this place of the rater's sequence is for one.
std::optional<std::size_t> next_check(const StudyState& state, const Definition& definition, std::size_t rater) {
    const RaterState& who = state.raters()[rater];
    const std::size_t block = who.served / definition.check_every;
    if (who.served != check_place(definition, who, block)) return std::nullopt;
    const std::vector<std::size_t> unseen = unseen_checks(state, who);
    if (unseen.empty()) return std::nullopt;
    return unseen[random_below(bits(definition, Stream::CheckChoice, who.row.number, block), unseen.size())];
}

/// How many checks next_check() will put among the next `items` items of the rater. One that would come after the last
/// of them does not come.
std::size_t checks_among(const StudyState& state, const Definition& definition, const RaterState& who,
                         std::size_t items) {
    const std::size_t unseen = unseen_checks(state, who).size();
    std::size_t checks = 0;
    for (std::size_t block = who.served / definition.check_every; checks < unseen; ++block) {
        const std::size_t place = check_place(definition, who, block);
        if (place < who.served) continue;
        if (place - who.served - checks >= items) break;
        ++checks;
    }
    return checks;
}

/// Whether an item of kind Rated may be given to the rater if there is room for another rating.
bool is_for(const StudyState& state, const Definition& definition, std::size_t item, std::size_t rater) {
    return state.items()[item].in_force < definition.raters_per_item && !state.raters()[rater].has[item];
}

Next next_rated(const StudyState& state, const Definition& definition, std::size_t rater, UnixMs now,
                const Priority& priority) {
    Next next{.kind = Next::Kind::Finished};
    std::size_t room = 0;
    auto best = std::pair(std::numeric_limits<double>::infinity(), std::size_t{0});
    std::vector<std::size_t> ties;
    for (const std::size_t item : state.items_of(ItemKind::Rated)) {
        if (!is_for(state, definition, item, rater)) continue;
        const std::size_t taken = state.taken(item, rater, now);
        const bool has_room = taken < definition.raters_per_item;
        room += has_room ? 1 : 0;
        const std::optional<double> rank = priority ? priority(item) : 0.0;
        if (!rank) continue;
        if (!has_room) {
            if (next.kind == Next::Kind::Finished) next.kind = Next::Kind::Waiting;
            continue;
        }
        const auto here = std::pair(*rank, taken);
        if (best < here) continue;
        if (here < best) ties.clear();
        best = here;
        ties.push_back(item);
    }
    if (!ties.empty()) {
        const RaterState& who = state.raters()[rater];
        const std::uint64_t drawn = bits(definition, Stream::Order, who.row.number, who.served);
        next = {Next::Kind::Assign, ties[random_below(drawn, ties.size())]};
    }
    next.room = room;
    return next;
}

/// Whether another rater is at work on an item that this one let lapse. It comes back if that answer does not come.
bool may_come_back(const StudyState& state, const Definition& definition, std::size_t rater) {
    const std::vector<std::size_t>& open = state.raters()[rater].open;
    return std::any_of(open.begin(), open.end(), [&](std::size_t index) {
        return state.items()[state.assignment(index).item].in_force < definition.raters_per_item;
    });
}

}  // namespace

Next next_for(const StudyState& state, const Definition& definition, std::size_t rater, UnixMs now,
              const Priority& priority) {
    if (const auto open = open_assignment(state, definition, rater, now)) return {Next::Kind::Resume, *open};
    if (const auto practice = next_practice(state, rater)) return {Next::Kind::Assign, *practice};
    const RaterState& who = state.raters()[rater];
    if (definition.items_per_rater > 0 && who.submitted >= definition.items_per_rater) return {Next::Kind::Finished};
    const Next rated = next_rated(state, definition, rater, now, priority);
    if (rated.kind == Next::Kind::Finished && may_come_back(state, definition, rater)) return {Next::Kind::Waiting};
    if (rated.kind == Next::Kind::Finished) return rated;
    if (break_is_due(who, definition, now)) return {Next::Kind::Break};
    // Checks stand among other items only: they end with them.
    if (rated.kind != Next::Kind::Assign) return rated;
    if (const auto check = next_check(state, definition, rater)) return {Next::Kind::Assign, *check, rated.room};
    return rated;
}

std::uint32_t left_slot_for(const StudyState& state, const Definition& definition, std::size_t item,
                            std::size_t rater) {
    const int of_item = state.items()[item].left_balance;
    const int of_rater = state.items()[item].kind == ItemKind::Rated ? state.raters()[rater].left_balance : 0;
    // (i + 1)^2 + (r + 1)^2 against (i - 1)^2 + (r - 1)^2
    const int sum = of_item + of_rater;
    if (sum != 0) return sum < 0 ? 0 : 1;
    return static_cast<std::uint32_t>(bits(definition, Stream::Side, item, state.items()[item].assignments.size()) >>
                                      63U);
}

std::size_t open_assignments(const StudyState& state, const Definition& definition, std::size_t rater, UnixMs now) {
    const std::vector<std::size_t>& open = state.raters()[rater].open;
    return static_cast<std::size_t>(std::count_if(open.begin(), open.end(), [&](std::size_t index) {
        return state.items()[state.assignment(index).item].kind != ItemKind::Practice &&
               can_go_on(state, definition, index, now);
    }));
}

std::size_t items_with_room(const StudyState& state, const Definition& definition, std::size_t rater, UnixMs now) {
    const std::vector<std::size_t>& rated = state.items_of(ItemKind::Rated);
    return static_cast<std::size_t>(std::count_if(rated.begin(), rated.end(), [&](std::size_t item) {
        return is_for(state, definition, item, rater) && state.taken(item, rater, now) < definition.raters_per_item;
    }));
}

std::size_t items_left(const StudyState& state, const Definition& definition, std::size_t rater, UnixMs now,
                       std::size_t room) {
    const RaterState& who = state.raters()[rater];
    const std::size_t left = room + checks_among(state, definition, who, room);
    if (definition.items_per_rater == 0) return left;
    const std::size_t given = who.submitted + open_assignments(state, definition, rater, now);
    return given >= definition.items_per_rater ? 0 : std::min<std::size_t>(left, definition.items_per_rater - given);
}

}  // namespace harness::study
