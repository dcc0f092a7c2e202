#pragma once

#include <string>
#include <vector>

#include "engine/formats/gguf/file.hpp"
#include "engine/formats/hyperparameters.hpp"

namespace engine::formats::gguf {

/// Throws EngineError (Input) naming the first key whose value asks for something that the network does not compute:
/// experts, sliding windows, soft caps, scales of embeddings or logits, and every unknown key that starts with
/// `llama.attention.` or `llama.rope.`. A key whose value changes nothing is accepted.
/// `shape`: with the context length that the user asked for.
void check_network_keys(const File& file, const Hyperparameters& shape);

/// One line for each key that is not read and not known to be harmless, in alphabetical order.
std::vector<std::string> unknown_keys(const File& file);

}  // namespace engine::formats::gguf
