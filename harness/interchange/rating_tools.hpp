#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/store/study_ratings.hpp"
#include "harness/store/study_rows.hpp"

/// Ratings in the forms of other annotation tools. Answers are in the order of the study, first and second, since those
/// tools show one order to all; values are on the first answer's side.
namespace harness::interchange {

/// The items of a study in their order, each with its ratings by time.
using RatedItems = std::vector<std::pair<store::StudyItemRow, std::vector<store::Rating>>>;

/// A JSON list of Argilla's records: id, fields, metadata, and responses by question with the rater as user_id. Ratings
/// that do not count have the status "discarded". Returns the number of records.
std::uint64_t export_argilla(const RatedItems& items, const store::StudyRow& study,
                             const std::function<void(std::string_view)>& write);

/// A JSON list of Label Studio's tasks: data, and annotations with results. Ratings that do not count are there as
/// cancelled annotations. Returns the number of tasks.
std::uint64_t export_label_studio(const RatedItems& items, const store::StudyRow& study,
                                  const std::function<void(std::string_view)>& write);

}  // namespace harness::interchange
