#pragma once

#include <span>

#include "engine/llama/network.hpp"
#include "engine/next_logits.hpp"
#include "engine/scheduler/prefix_cache.hpp"
#include "engine/scheduler/prefix_tree.hpp"

namespace engine::scheduler {

/// Gives the logits behind every token of the continuations, see engine::next_logits(). Batches, prefixes and `cache`
/// are those of score().
void next_logits(llama::Network& network, PrefixCache& cache, std::span<const ScoreRequest> requests, Reuse reuse,
                 const TakeLogits& take);

}  // namespace engine::scheduler
