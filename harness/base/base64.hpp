#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace harness::base {

/// Base64 of RFC 4648, with padding.
std::string to_base64(std::string_view bytes);

/// The decoded bytes, nullopt when the text is not base64.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace harness::base
