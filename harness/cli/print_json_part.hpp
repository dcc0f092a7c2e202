#pragma once

#include <string_view>

namespace harness::cli {

/// Prints a part of rendered JSON as print_json_text prints a whole, without a line break. Parts end between
/// characters.
void print_json_part(std::string_view json);

}  // namespace harness::cli
