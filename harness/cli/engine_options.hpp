#pragma once

#include "engine/language_model.hpp"
#include "harness/cli/verb.hpp"

namespace harness::cli {

/// `score` has a --context of its own.
enum class ContextOption { Yes, No };

/// How a verb opens a model: device, kernels, numerics, memory.
void engine_options(Verb& verb, engine::EngineOptions& engine, ContextOption context = ContextOption::Yes);

}  // namespace harness::cli
