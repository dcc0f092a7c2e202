#pragma once

#include <memory>
#include <string>

#include "engine/language_model.hpp"

namespace engine::formats {
class Gguf;
}

namespace engine::text {

/// From the pieces, scores and types in a GGUF's metadata. Throws EngineError (Input).
std::unique_ptr<Tokenizer> tokenizer_from_gguf(const formats::Gguf& file);

/// From a sentencepiece `tokenizer.model`. Throws EngineError (Input).
std::unique_ptr<Tokenizer> tokenizer_from_model_file(const std::string& path);

}  // namespace engine::text
