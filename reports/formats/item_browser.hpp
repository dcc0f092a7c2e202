#pragma once

#include <string>
#include <vector>

#include "reports/data/run.hpp"

namespace reports::formats {

/// A section in which the items that the runs show can be read: for every task its documents, for every document all
/// exchanges of the runs side by side. Documents are closed and reach the browser's tree only when opened; a filter
/// and a search need scripts, reading does not. Empty when no run shows items.
std::string item_browser(const std::vector<data::RunView>& runs);

}  // namespace reports::formats
