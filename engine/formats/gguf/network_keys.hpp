#pragma once

#include <string>
#include <vector>

#include "engine/formats/gguf/file.hpp"
#include "engine/formats/hyperparameters.hpp"

namespace engine::formats::gguf {

/// Throws EngineError (Input) naming the first key whose value asks for something that the network does not compute:
/// experts, sliding windows, soft caps, scales of embeddings or logits, and whatever is unknown below
/// `llama.attention.` and `llama.rope.`. A key at the value that changes nothing passes.
/// `shape`: with the context that was asked for.
void check_network_keys(const File& file, const Hyperparameters& shape);

/// One line for each key that is neither read nor known to change nothing, in alphabetical order.
std::vector<std::string> unknown_keys(const File& file);

}  // namespace engine::formats::gguf
