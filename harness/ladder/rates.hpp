#pragma once

#include "engine/language_model.hpp"
#include "harness/ladder/text.hpp"

namespace harness::ladder {

/// Tokens per second of a single sequence, kernels compiled.
struct Rates {
    double prompt = 0;  ///< of a prompt of up to 256 tokens, to its first answered token
    double answer = 0;  ///< of up to 32 tokens after BOS, greedy
};

/// The best of three passes, since other work on the machine only ever slows one; of a single one where it takes more
/// than two seconds. The model must have been opened without reuse, else prompts come from its cache. Throws
/// EngineError.
Rates measure_rates(engine::LanguageModel& model, const Text& text);

}  // namespace harness::ladder
