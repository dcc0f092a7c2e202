#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "harness/store/study_rows.hpp"

namespace harness::store {
class Database;
}

namespace harness::interchange {

enum class RatingFormat {
    Jsonl,        ///< every rating with its item, and items without one; import_ratings() reads it back
    Csv,          ///< the same as a table
    Pairs,        ///< chosen and rejected answer with strength and bin, as 'reward train --pairs' reads them
    Hh,           ///< hh-rlhf's form: two whole dialogues
    Dpo,          ///< prompt, chosen and rejected as lists of messages, as preference optimisation takes them
    Argilla,      ///< records of Argilla 2 with responses
    LabelStudio,  ///< tasks of Label Studio with annotations
};

/// Writes the ratings of a study, a piece at a time, by item, then time. The same ratings give the same bytes. Pairs
/// are of counted ratings of comparisons that prefer a side: for a preference study with its strengths, for a pairwise
/// one with its points 1 to 3 from the end as "significantly", "better", "slightly". Returns the number of rows.
/// Throws InterchangeError for pairs of a study that does not compare answers, store::StoreError.
std::uint64_t export_ratings(const store::Database& database, const store::StudyRow& study, RatingFormat format,
                             const std::function<void(std::string_view)>& write);

}  // namespace harness::interchange
