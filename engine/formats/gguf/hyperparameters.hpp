#pragma once

#include "engine/formats/gguf/file.hpp"
#include "engine/formats/hyperparameters.hpp"

namespace engine::formats::gguf {

/// Throws EngineError (Input) for a missing key, an impossible number, or another architecture.
Hyperparameters read_hyperparameters(const File& file);

/// The numbers as the file states them, without any check; 0 for those that are absent or no number.
Hyperparameters declared_hyperparameters(const File& file);

}  // namespace engine::formats::gguf
