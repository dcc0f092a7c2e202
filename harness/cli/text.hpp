#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace harness::cli {

/// JSON on one line; bytes that are not UTF-8 become U+FFFD, since model output may be cut inside a character.
std::string to_line(const nlohmann::json& value);

/// Text that is safe on a terminal: reports::text::visible, with its lines.
std::string printable(std::string_view text);

/// "1.2 GiB", "340 KiB", "12 B".
std::string human_bytes(std::uint64_t bytes);

}  // namespace harness::cli
