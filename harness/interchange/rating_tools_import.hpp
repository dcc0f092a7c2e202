#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/interchange/rating_rows.hpp"
#include "harness/interchange/row_reader.hpp"

namespace harness::interchange {

/// Whether a row is a record of Argilla or a task of Label Studio.
bool is_of_other_tool(const RowReader& row);

/// The ratings of a record (Argilla) or task (Label Studio) in the form of our own exports: texts `prompt`, `answer_1`
/// and, of comparisons, `answer_2`; the question `rating`, and `both_bad`, `answer_1_safe`, `answer_2_safe` where they
/// were asked. What only we write (study, protocol, item, variants) may be absent: the protocol is then pairwise for
/// two answers and safety for one, and the item is `index`. Discarded and cancelled ratings are left out; an item
/// without ratings gives one row. `file` begins the ids of raters, whose names are of that file only. Throws
/// std::runtime_error that names the field.
std::vector<RatingRow> rows_of_other_tool(const RowReader& row, std::size_t index, const std::string& file);

}  // namespace harness::interchange
