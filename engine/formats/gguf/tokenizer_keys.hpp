#pragma once

#include <string_view>

#include "engine/formats/gguf/file.hpp"

namespace engine::formats::gguf {

/// Throws EngineError (Input) naming the first tokenizer key whose value asks for something that encoding does not do:
/// text normalisation, EOS at the end, another pre-tokenizer, added tokens that the vocabulary does not mark.
void check_tokenizer_keys(const File& file);

/// Whether a key belongs to the tokenizer and is either read or known to be harmless.
bool is_tokenizer_key(std::string_view key);

}  // namespace engine::formats::gguf
