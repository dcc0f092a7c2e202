#pragma once

#include <string>

namespace engine::formats::gguf {

/// What to add to a message about a damaged file whose name is that of a piece of a larger one, as of tools that cut
/// files into pieces of bytes; empty for other names.
std::string hint_at_cut_file(const std::string& path);

}  // namespace engine::formats::gguf
