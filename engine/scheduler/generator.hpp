#pragma once

#include <span>
#include <vector>

#include "engine/llama/network.hpp"
#include "engine/scheduler/prefix_cache.hpp"
#include "engine/scheduler/prefix_tree.hpp"

namespace engine::scheduler {

/// Continuous batching: every forward carries the next token of each sequence that is being generated and, as far as
/// there is room, chunks of the prompts that wait. Sequences that begin alike compute what they share once, also with
/// what `cache` holds of earlier calls; `Reuse::None` shares nothing, with the same results. Results are in the order
/// of the requests. `cache` has the network's rows, none of them held.
std::vector<GenerateResult> generate(llama::Network& network, PrefixCache& cache, const Tokenizer& tokenizer,
                                     std::span<const GenerateRequest> requests, Reuse reuse);

}  // namespace engine::scheduler
