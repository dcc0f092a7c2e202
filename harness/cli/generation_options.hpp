#pragma once

#include <string>

#include "harness/cli/verb.hpp"
#include "harness/run/options.hpp"

namespace harness::cli {

/// What `run` is told about prompts of chat and about generations, before it is resolved.
struct GenerationOptions {
    std::string system_prompt;  ///< a name or a file; empty: not given
    std::string preset;         ///< empty: none
};

/// Adds --system-prompt and --format-marks, which go to the prompts, to the current heading.
void chat_text_options(Verb& verb, GenerationOptions& options, run::RunOptions& run);
/// Adds --samples, --max-tokens, --max-prompt-tokens and --preset.
void generation_options(Verb& verb, GenerationOptions& options, run::RunOptions& run);

/// The options of a run with the named system prompt and the preset in them. Throws UsageError where two options ask
/// for different things.
run::RunOptions resolved(const GenerationOptions& options, run::RunOptions run);

}  // namespace harness::cli
