#pragma once

#include <string>
#include <vector>

#include "reports/data/run.hpp"

namespace reports::formats {

/// A section for reading the items that the runs show: the documents of every task, and for every document the
/// exchanges of all runs side by side. Documents are collapsed and enter the browser's DOM only when opened; filter and
/// search need scripts, reading does not. Empty when no run shows items.
std::string item_browser(const std::vector<data::RunView>& runs);

}  // namespace reports::formats
