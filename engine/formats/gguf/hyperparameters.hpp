#pragma once

#include "engine/formats/gguf/file.hpp"
#include "engine/formats/hyperparameters.hpp"

namespace engine::formats::gguf {

/// Reads and checks the hyperparameters. Throws EngineError (Input) for a missing key, an impossible number, or another
/// architecture.
Hyperparameters read_hyperparameters(const File& file);

/// The hyperparameters as the file states them, unchecked; 0 for a key that is absent or not a number.
Hyperparameters declared_hyperparameters(const File& file);

}  // namespace engine::formats::gguf
