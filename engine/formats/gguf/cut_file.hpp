#pragma once

#include <string>

namespace engine::formats::gguf {

/// Hint to append to an error message when the file's name looks like a piece made by a tool that cuts files by size;
/// empty for other names.
std::string hint_at_cut_file(const std::string& path);

}  // namespace engine::formats::gguf
