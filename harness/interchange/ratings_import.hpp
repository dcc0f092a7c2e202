#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/interchange/rating_rows.hpp"
#include "harness/store/study_rows.hpp"

namespace harness::store {
class Database;
}

namespace harness::interchange {

/// A study that was rated elsewhere, complete: it is stored as it is and cannot be rated further.
struct ImportedStudy {
    store::StudyRow study;
    std::vector<store::StudyItemRow> items;
    std::vector<store::RaterRow> raters;
    std::vector<store::AssignmentRow> assignments;  ///< `item` is the index in `items`
    std::vector<store::RatingEventRow> events;      ///< one for each assignment
};

/// The study that the rows belong to; all are of one. Empty `name`: that of the rows. The same rows give the same hash.
/// Throws InterchangeError for rows of several studies, rows that contradict each other about an item, an item that is
/// missing, and a rater who rated an item twice.
ImportedStudy study_of(std::vector<RatingRow> rows, const std::string& name, const std::string& path);

/// Stores an imported study in one transaction; one of this hash that is there already is not changed, and its name
/// returned. Throws store::StoreError when another study has the name, InterchangeError when another has its raters.
std::optional<std::string> store_study(const store::Database& database, const ImportedStudy& imported);

}  // namespace harness::interchange
