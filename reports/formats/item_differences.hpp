#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "reports/data/item_stream.hpp"

namespace reports::formats {

/// Takes the next part of a text; parts end between characters.
using Write = std::function<void(std::string_view)>;

/// The text of render_terminal(difference), with the items of `stream` in place of those in `difference`.
void write_terminal(const data::RunDifference& difference, const data::ItemStream& stream, std::size_t width,
                    const Write& write);
/// The text of render_json(difference), likewise.
void write_json(const data::RunDifference& difference, const data::ItemStream& stream, const Write& write);

}  // namespace reports::formats
