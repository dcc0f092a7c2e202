#pragma once

#include <string>
#include <vector>

#include "reports/sections/table.hpp"

namespace reports::formats {

/// How a table is set in the page.
struct TableSetting {
    int rank = 2;                            ///< of its heading
    std::vector<std::string> warnings = {};  ///< hostile text, before everything else
    std::string figures = {};                ///< markup of figures_html, above the table
    bool fold = false;                       ///< a long table is folded until it is clicked
};

/// The table as a section of the page; empty without rows.
std::string html_table(const sections::Table& table, const TableSetting& setting = {});

}  // namespace reports::formats
