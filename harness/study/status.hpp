#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/study/page.hpp"
#include "harness/study/state.hpp"

namespace harness::study {

/// Throws base::UsageError when there is no such study; the message names the nearest.
store::StudyRow find_study(const store::Database& database, const std::string& name);

/// The state of a study for its lead.
StudyStatus status_of(const StudyState& state, const store::StudyRow& study, store::UnixMs now);

/// The same, read from a database. Throws as find_study(), and store::StoreError. Imported studies have no leases.
StudyStatus read_status(const store::Database& database, const std::string& name, store::UnixMs now);

/// A counted rating of an item: whose, and what it decides.
struct DecidedRating {
    std::size_t rater = 0;  ///< index in StudyStatus::raters
    std::size_t decision = 0;
};

/// What a rating decides, as reports count agreement: the first answer is better, both are alike, the second is better;
/// or a violation, or none. `value` is on the first answer's side. nullopt: the protocol has other decisions (imported
/// studies only).
std::optional<std::size_t> decision_of(std::string_view protocol, std::int64_t value);

/// Counts for each rater of an item whether they say what more than half of the others say (the report's "with
/// others"). Ratings with fewer than two others, or whose others have no majority, do not count.
void agreement_of_item(const std::vector<DecidedRating>& ratings, std::vector<RaterStatus>& raters);

/// Whether the choice of an assignment in force is the item's right answer; false where the item has none.
bool is_right(std::string_view protocol, const store::StudyItemRow& item, const AssignmentState& one);

}  // namespace harness::study
