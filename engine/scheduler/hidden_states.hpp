#pragma once

#include <span>
#include <vector>

#include "engine/llama/network.hpp"
#include "engine/scheduler/prefix_cache.hpp"
#include "engine/scheduler/prefix_tree.hpp"

namespace engine::scheduler {

/// States of sequences in few batches, walking the tree of their prefixes depth first as score() does: what sequences
/// have in common goes through the network once. The last token of a sequence always runs, and for a mean all tokens
/// do, whatever `cache` holds of earlier calls, since the cache keeps keys and values and no states. Results are in the
/// order of the sequences and have the same bits whatever else is asked in the call. `cache` has the network's rows,
/// none of them held.
std::vector<std::vector<float>> hidden_states(llama::Network& network, PrefixCache& cache,
                                              std::span<const std::vector<TokenId>> sequences,
                                              const HiddenStates& wanted, Reuse reuse);

}  // namespace engine::scheduler
