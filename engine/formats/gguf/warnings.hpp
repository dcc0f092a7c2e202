#pragma once

#include <string>
#include <vector>

#include "engine/formats/gguf/file.hpp"

namespace engine::formats::gguf {

/// What a file holds that is not used, and mistakes of conversions that run without an error and spoil every score:
/// sentences for people. Keys of the wrong type are left to whoever reads them.
std::vector<std::string> warnings_of(const File& file);

}  // namespace engine::formats::gguf
