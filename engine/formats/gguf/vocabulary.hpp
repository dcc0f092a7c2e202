#pragma once

#include "engine/formats/gguf/file.hpp"
#include "engine/formats/vocabulary.hpp"

namespace engine::formats::gguf {

/// Reads the vocabulary from the pieces, scores and types in the metadata. Throws EngineError (Input) for a vocabulary
/// that is missing, damaged or of another kind.
Vocabulary read_vocabulary(const File& file);

}  // namespace engine::formats::gguf
