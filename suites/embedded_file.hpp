#pragma once

#include <string_view>

namespace suites {

/// A file embedded in the binary by the build.
struct EmbeddedFile {
    std::string_view name;  ///< without folder, e.g. "gsm8k.json"
    std::string_view content;
};

}  // namespace suites
