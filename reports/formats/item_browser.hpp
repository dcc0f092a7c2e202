#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "reports/data/run.hpp"

namespace reports::formats {

/// A section for reading the items that the runs show, those of all tasks in one list. The page's script gets them as
/// compressed data (item_json.hpp), of which it builds what is looked at; without scripts a part of them reads as a
/// plain list. Takes about `max_bytes` at most, and says what had no room. Empty when no run shows items.
std::string item_browser(const std::vector<data::RunView>& runs, std::size_t max_bytes);

}  // namespace reports::formats
