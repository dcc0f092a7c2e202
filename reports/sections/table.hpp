#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace reports::sections {

/// What a column holds, and so where its cells stand and how they may look.
enum class Column { Key, Run, Text, Number };

/// Rows of hostile text before any markup. Rows are as long as `columns` and `titles`.
struct Table {
    std::string heading;
    std::string caption;  ///< how to read it, a sentence or two
    std::vector<std::string> titles;
    std::vector<Column> columns;  ///< keys stand first; rows with equal keys are neighbours
    std::vector<std::vector<std::string>> rows;
    std::vector<std::size_t> run_of_row;  ///< index of the run that a row is of
};

}  // namespace reports::sections
