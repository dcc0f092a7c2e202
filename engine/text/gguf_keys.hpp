#pragma once

#include <string_view>

namespace engine::formats {
class Gguf;
}

namespace engine::text {

/// Throws EngineError (Input) naming the first tokenizer key whose value asks for something that encoding does not do:
/// rewriting of the text, EOS behind it, another pre-tokenizer, added tokens that the vocabulary does not mark.
void check_keys(const formats::Gguf& file);

/// Whether a key belongs to the tokenizer and is read or known to change nothing.
bool is_known_key(std::string_view key);

}  // namespace engine::text
