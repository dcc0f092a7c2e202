#pragma once

#include <string>
#include <vector>

#include "engine/formats/gguf/file.hpp"

namespace engine::formats::gguf {

/// Opens all files of a model, in order: one file, or all parts made by llama.cpp's gguf-split when `path` is one of
/// them. Parts are found by their names (`NAME-00001-of-00003.gguf`); the first holds the metadata. Throws EngineError
/// (Input), saying how to join the parts, when a part is missing, belongs to another model or has another form of name.
std::vector<File> open_parts(const std::string& path);

}  // namespace engine::formats::gguf
