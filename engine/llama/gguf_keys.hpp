#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/formats/gguf.hpp"

namespace engine::llama {

struct Hyperparameters;

/// Throws EngineError (Input) naming the first key whose value asks for something that the network does not compute:
/// experts, sliding windows, soft caps, scales of embeddings or logits, and whatever is unknown below
/// `llama.attention.` and `llama.rope.`. A key at the value that changes nothing passes.
/// `shape`: with the context that was asked for.
void check_keys(const formats::Gguf& file, const Hyperparameters& shape);

/// One line for each key that is neither read nor known to change nothing, in alphabetical order. `is_tokenizer_key`
/// says so of those of the tokenizer.
std::vector<std::string> unknown_keys(const formats::Gguf& file, bool (*is_tokenizer_key)(std::string_view));

}  // namespace engine::llama
