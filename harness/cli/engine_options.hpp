#pragma once

#include "engine/language_model.hpp"
#include "harness/cli/verb.hpp"

namespace harness::cli {

/// Whether to add --context: `score` defines its own.
enum class ContextOption { Yes, No };

/// Adds the options for opening a model: device, kernels, numerics, memory.
void engine_options(Verb& verb, engine::EngineOptions& engine, ContextOption context = ContextOption::Yes);

}  // namespace harness::cli
