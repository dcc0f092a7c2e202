#pragma once

#include <string>
#include <vector>

#include "reports/sections/table.hpp"

namespace harness::cli {

/// An empty table with the given column titles and types.
reports::sections::Table table_of(std::vector<std::pair<std::string, reports::sections::Column>> columns);

/// Prints a line above a table, bold on a terminal.
void print_heading(const std::string& heading);

/// Prints one line of text, wrapped to the terminal's width, or to `plain_columns` where there is no terminal (0: not
/// wrapped). All lines are indented like `text`.
void print_paragraph(const std::string& text, std::size_t plain_columns = 0);

/// A name with its value, which starts at a column of its own and is wrapped there:
///
///     memory        22.4 GiB free, 2.0 GiB in
///                   one allocation
struct Fact {
    std::string name;
    std::string value;
};
void print_facts(const std::vector<Fact>& facts, std::size_t column = 14);

/// Prints to standard output, wrapped to the terminal's width, or to `plain_columns` where there is no terminal (0: not
/// wrapped).
void print_table(const reports::sections::Table& table, std::size_t plain_columns = 0);

}  // namespace harness::cli
