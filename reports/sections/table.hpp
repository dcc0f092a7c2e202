#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace reports::sections {

/// Content of a column, which decides its alignment and style.
enum class Column { Key, Run, Text, Number };

/// Rows of hostile text without markup. Rows, `columns` and `titles` have the same length.
struct Table {
    std::string heading;
    std::string caption;  ///< how to read the table, one or two sentences
    std::vector<std::string> titles;
    std::vector<Column> columns;  ///< keys come first; rows with equal keys are neighbours
    std::vector<std::vector<std::string>> rows;
    std::vector<std::size_t> run_of_row;  ///< index of the row's run
};

/// Adds a row that stands for a run.
inline void add_row(Table& table, std::vector<std::string> row, std::size_t run) {
    table.rows.push_back(std::move(row));
    table.run_of_row.push_back(run);
}

}  // namespace reports::sections
