#pragma once

#include <span>
#include <vector>

#include "engine/llama/network.hpp"
#include "engine/scheduler/prefix_cache.hpp"
#include "engine/scheduler/prefix_tree.hpp"

namespace engine::scheduler {

/// Generates with continuous batching: each forward pass computes the next token of every running sequence and, in the
/// remaining room, chunks of waiting prompts. A prefix that sequences share, or that `cache` has from earlier calls, is
/// not computed again; `Reuse::None` shares nothing and gives the same results. Results are in the order of the
/// requests. `cache` has as many rows as the network's KV cache; none may be held.
std::vector<GenerateResult> generate(llama::Network& network, PrefixCache& cache, const Tokenizer& tokenizer,
                                     std::span<const GenerateRequest> requests, Reuse reuse);

}  // namespace engine::scheduler
