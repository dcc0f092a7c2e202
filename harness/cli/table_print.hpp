#pragma once

#include <string>
#include <vector>

#include "reports/sections/table.hpp"

namespace harness::cli {

/// A table without rows yet: titles with what their columns hold.
reports::sections::Table table_of(std::vector<std::pair<std::string, reports::sections::Column>> columns);

/// To standard output, folded to the terminal's width, or to `plain_columns` where there is no terminal (0: not at
/// all).
void print_table(const reports::sections::Table& table, std::size_t plain_columns = 0);

}  // namespace harness::cli
