#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include "harness/study/definition.hpp"
#include "harness/study/state.hpp"

namespace harness::study {

/// What a rater gets next.
struct Next {
    enum class Kind {
        Resume,    ///< assignment `index`, which is open already
        Assign,    ///< item `index`
        Waiting,   ///< nothing now, but others may give items back
        Finished,  ///< nothing any more
        Break,     ///< a break is due
    };
    Kind kind = Kind::Finished;
    std::size_t index = 0;
    /// What items_with_room() gives, where it was counted on the way: of Assign and Waiting. The item `index` is among
    /// them.
    std::optional<std::size_t> room = {};
};

/// Which items come first among those that a rater may get; lower first. Empty: all alike. An item for which it gives
/// nullopt is not handed out any more.
using Priority = std::function<std::optional<double>(std::size_t item)>;

/// The rule, in this order: an open assignment whose lease holds, or whose item is still short of ratings; practice
/// items by number; a break when one is due; in every `check_every` items one hidden check at a random place, while the
/// rater has not seen all; then of the items that are short of ratings the one with the lowest priority, then the
/// fewest ratings and leases, then at random. Random choices depend on the seed, the order of invitation and what the
/// rater has had only, so that the same course of events gives the same items.
Next next_for(const StudyState& state, const Definition& definition, std::size_t rater, store::UnixMs now,
              const Priority& priority = {});

/// The answer to be shown on the left: the one that leaves the item's and the rater's count of "first answer left"
/// minus "second answer left" nearest to 0, by the sum of their squares (Pocock and Simon's minimisation, 1975,
/// Biometrics 31:103); at random where both are alike.
std::uint32_t left_slot_for(const StudyState& state, const Definition& definition, std::size_t item, std::size_t rater);

/// Items of kind Rated that the rater has not had and that are short of ratings and leases.
std::size_t items_with_room(const StudyState& state, const Definition& definition, std::size_t rater,
                            store::UnixMs now);

/// Items and hidden checks that the rater would still be given by next_for() if nobody else took any. A check counts
/// before it comes as it does afterwards: giving one out changes the sum of what is done, open and left no more than
/// giving out an item does, so that raters cannot tell checks by their progress.
/// `room`: items_with_room().
std::size_t items_left(const StudyState& state, const Definition& definition, std::size_t rater, store::UnixMs now,
                       std::size_t room);

/// Assignments that next_for() lets the rater go on with, practice left out.
std::size_t open_assignments(const StudyState& state, const Definition& definition, std::size_t rater,
                             store::UnixMs now);

}  // namespace harness::study
