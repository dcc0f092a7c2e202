#pragma once

#include <string>
#include <vector>

#include "reports/data/gate.hpp"
#include "reports/sections/table.hpp"

namespace reports::gate {

/// The columns of suites_table that decide, for a terminal.
sections::Table compact_suites_table(const data::GateVerdict& verdict);

/// What the compact table leaves out: a line for each suite of which any score changed, or that was not tested.
std::vector<std::string> suite_lines(const data::GateVerdict& verdict);

}  // namespace reports::gate
