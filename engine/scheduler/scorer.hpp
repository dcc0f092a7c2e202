#pragma once

#include <span>
#include <vector>

#include "engine/llama/network.hpp"
#include "engine/scheduler/prefix_cache.hpp"
#include "engine/scheduler/prefix_tree.hpp"

namespace engine::scheduler {

/// What goes through the network for score requests: the last token of a continuation does not. Points into them.
std::vector<Sequence> sequences_of(std::span<const ScoreRequest> requests);

/// Scores requests in few batches by walking the tree of their prefixes depth first: every shared prefix (few-shot
/// examples, the context of several choices) goes through the network once, and its cache rows are free as soon as its
/// last branch is done. Continuations of one token cost nothing beyond their context. What `cache` holds of earlier
/// calls is not computed again. `Reuse::None` gives every request its own pass over its whole context, with the same
/// bits. `cache` has the network's rows, none of them held.
std::vector<ScoreResult> score(llama::Network& network, PrefixCache& cache, std::span<const ScoreRequest> requests,
                               Reuse reuse);

}  // namespace engine::scheduler
