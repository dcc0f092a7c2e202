#pragma once

#include <string>
#include <vector>

#include "reports/data/run.hpp"
#include "reports/sections/browsed_items.hpp"

namespace reports::formats {

/// Documents as markup that reads without scripts: each folded, its exchanges of all runs side by side. From every task
/// as many as the room of about `max_bytes` allows, those first that interest a reader most. Long texts are shortened.
std::string item_list(const std::vector<sections::BrowsedTask>& tasks, const std::vector<data::RunView>& runs,
                      std::size_t max_bytes);

}  // namespace reports::formats
