#pragma once

#include <string>
#include <string_view>

#include "engine/formats/vocabulary.hpp"

namespace engine::formats::sentencepiece {

/// From a serialised model, such as `tokenizer.model`. Throws EngineError (Input), naming `where`, for one that is
/// damaged or of another kind than Llama 2's.
Vocabulary read_model(const std::string& where, std::string_view model);

/// From a file. Throws EngineError (Input).
Vocabulary read_model_file(const std::string& path);

/// A vocabulary as a serialised model that puts no space in front of a text: the caller does.
std::string write_model(const Vocabulary& vocabulary);

}  // namespace engine::formats::sentencepiece
