#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "reports/formats/item_json.hpp"

namespace reports::formats {

/// The items that fit into a page, as data for its script.
struct PackedItems {
    std::vector<std::string> parts;            ///< packed_text of ItemJson::index, then of each of ItemJson::parts
    std::vector<sections::BrowsedTask> tasks;  ///< the documents that are in it
    std::size_t left_out = 0;                  ///< number of documents for which there was no room
    std::size_t shortened = 0;                 ///< number of shortened texts
    TextLimits limits;
};

/// Packs items into at most about `max_bytes` of base64. What does not fit is shortened, first the long texts of
/// documents on which the runs agree, then those of others; then documents are left out, those first that least
/// interest a reader (sections::Interest), from the last on.
PackedItems packed_items(std::vector<sections::BrowsedTask> tasks, const std::vector<data::RunView>& runs,
                         std::size_t max_bytes);

}  // namespace reports::formats
