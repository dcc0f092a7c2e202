#pragma once

#include <string>
#include <vector>

#include "reports/sections/table.hpp"

namespace harness::cli {

/// A table without rows yet: titles with what their columns hold.
reports::sections::Table table_of(std::vector<std::pair<std::string, reports::sections::Column>> columns);

/// A line above a table, bold on a terminal.
void print_heading(const std::string& heading);

/// Text of one line, folded to the terminal's width, or to `plain_columns` where there is no terminal (0: not at all).
/// All lines begin with the blanks that `text` begins with.
void print_paragraph(const std::string& text, std::size_t plain_columns = 0);

/// A word and what it says, which begins at a column of its own and is folded behind it:
///
///     memory        22.4 GiB free, 2.0 GiB in
///                   one allocation
struct Fact {
    std::string name;
    std::string value;
};
void print_facts(const std::vector<Fact>& facts, std::size_t column = 14);

/// To standard output, folded to the terminal's width, or to `plain_columns` where there is no terminal (0: not at
/// all).
void print_table(const reports::sections::Table& table, std::size_t plain_columns = 0);

}  // namespace harness::cli
