#pragma once

#include <string>

#include "harness/cli/verb.hpp"
#include "harness/run/options.hpp"

namespace harness::cli {

/// Options of `run` for chat prompts and generation, as given on the command line.
struct GenerationOptions {
    std::string system_prompt;  ///< a name or a file; empty: not given
    std::string preset;         ///< empty: none
};

/// Adds --system-prompt and --format-marks to the current heading.
void chat_text_options(Verb& verb, GenerationOptions& options, run::RunOptions& run);
/// Adds --samples, --max-tokens, --max-prompt-tokens and --preset.
void generation_options(Verb& verb, GenerationOptions& options, run::RunOptions& run);

/// `run` with the system prompt and the preset applied. Throws UsageError where two options contradict each other.
run::RunOptions resolved(const GenerationOptions& options, run::RunOptions run);

}  // namespace harness::cli
