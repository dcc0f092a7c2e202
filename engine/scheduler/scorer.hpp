#pragma once

#include <span>
#include <vector>

#include "engine/llama/network.hpp"
#include "engine/scheduler/prefix_cache.hpp"
#include "engine/scheduler/prefix_tree.hpp"

namespace engine::scheduler {

/// Input sequences of score requests, without the last token of each continuation, whose successor is not asked for.
/// Points into `requests`.
std::vector<Sequence> sequences_of(std::span<const ScoreRequest> requests);

/// Scores requests in few batches by walking the tree of their prefixes depth first. A shared prefix (few-shot
/// examples, the context of several choices) goes through the network once, and its cache rows are released after its
/// last branch. Continuations of one token cost nothing beyond their context. Rows that `cache` holds from earlier
/// calls are not computed again. `Reuse::None` computes the whole context of every request, with the same bits. `cache`
/// has the network's rows, none of them held.
std::vector<ScoreResult> score(llama::Network& network, PrefixCache& cache, std::span<const ScoreRequest> requests,
                               Reuse reuse);

}  // namespace engine::scheduler
