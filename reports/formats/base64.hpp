#pragma once

#include <string>
#include <string_view>

namespace reports::formats {

/// The text compressed (zlib) in base64, which is inert wherever it stands in a page. Throws std::runtime_error when
/// the memory does not suffice.
std::string packed_text(std::string_view text);

/// The bytes in base64 on one line.
std::string base64(std::string_view bytes);

/// The hash by which a Content-Security-Policy allows an inline script or style: the page runs no others.
std::string sha256_base64(std::string_view content);

}  // namespace reports::formats
