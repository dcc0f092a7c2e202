#pragma once

#include <string>
#include <vector>

#include "engine/formats/gguf/file.hpp"

namespace engine::formats::gguf {

/// The files of a model in order: one, or the parts that llama.cpp's gguf-split makes, of which `path` is any. Their
/// names tell them (`NAME-00001-of-00003.gguf`); the first one has the keys. Throws EngineError (Input) for a part that
/// is missing, another model's, or lacks such a name, saying how to join the parts otherwise.
std::vector<File> open_parts(const std::string& path);

}  // namespace engine::formats::gguf
