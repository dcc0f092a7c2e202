#pragma once

#include <span>
#include <vector>

#include "engine/scheduler/batch.hpp"

namespace engine::scheduler {

/// Continuous batching: every forward carries the next token of each sequence that is being generated and, as far as
/// there is room, chunks of the prompts that wait. Results are in the order of the requests.
std::vector<GenerateResult> generate(Network& network, const Tokenizer& tokenizer,
                                     std::span<const GenerateRequest> requests);

}  // namespace engine::scheduler
