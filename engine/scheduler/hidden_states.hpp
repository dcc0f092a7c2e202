#pragma once

#include <span>
#include <vector>

#include "engine/llama/network.hpp"
#include "engine/scheduler/prefix_cache.hpp"
#include "engine/scheduler/prefix_tree.hpp"

namespace engine::scheduler {

/// Computes states of sequences in few batches by walking the tree of their prefixes depth first, as score() does: a
/// shared prefix is computed once. The last token of a sequence always runs, and for a mean all tokens do, even if
/// `cache` has them, since the cache stores keys and values but no states. Results are in the order of the sequences
/// and do not depend on the other sequences of the call. `cache` has as many rows as the network's KV cache; none may
/// be held.
std::vector<std::vector<float>> hidden_states(llama::Network& network, PrefixCache& cache,
                                              std::span<const std::vector<TokenId>> sequences,
                                              const HiddenStates& wanted, Reuse reuse);

}  // namespace engine::scheduler
