#pragma once

#include <string>
#include <string_view>

#include "engine/formats/vocabulary.hpp"

namespace engine::formats::sentencepiece {

/// Reads a serialised sentencepiece model. Throws EngineError (Input), naming `where`, for a model that is damaged or
/// of another kind than Llama 2's.
Vocabulary read_model(const std::string& where, std::string_view model);

/// The same from a file, such as `tokenizer.model`.
Vocabulary read_model_file(const std::string& path);

/// Serialises a vocabulary as a sentencepiece model that adds no space in front of a text: the caller adds it.
std::string write_model(const Vocabulary& vocabulary);

}  // namespace engine::formats::sentencepiece
