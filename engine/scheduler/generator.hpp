#pragma once

#include <span>
#include <vector>

#include "engine/llama/network.hpp"
#include "engine/scheduler/prefix_cache.hpp"
#include "engine/scheduler/prefix_tree.hpp"

namespace engine::scheduler {

/// Continuous batching: each forward pass carries the next token of every running sequence and, as far as there is
/// room, chunks of waiting prompts. A prefix shared by sequences, or held by `cache` from earlier calls, is computed
/// once; `Reuse::None` shares nothing and gives the same results. Results are in the order of the requests. `cache` has
/// the network's rows, none of them held.
std::vector<GenerateResult> generate(llama::Network& network, PrefixCache& cache, const Tokenizer& tokenizer,
                                     std::span<const GenerateRequest> requests, Reuse reuse);

}  // namespace engine::scheduler
