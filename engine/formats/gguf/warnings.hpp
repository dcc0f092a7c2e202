#pragma once

#include <string>
#include <vector>

#include "engine/formats/gguf/file.hpp"

namespace engine::formats::gguf {

/// Warnings, one sentence each: content of the file that is not used, and likely conversion mistakes that make every
/// score wrong without an error. Does not report keys of the wrong type; their readers do.
std::vector<std::string> warnings_of(const File& file);

}  // namespace engine::formats::gguf
