#pragma once

#include <span>
#include <vector>

#include "engine/llama/network.hpp"
#include "engine/scheduler/prefix_cache.hpp"
#include "engine/scheduler/prefix_tree.hpp"

namespace engine::scheduler {

/// Input sequences of score requests, without the last token of each continuation, since no score follows it. The
/// result points into `requests`.
std::vector<Sequence> sequences_of(std::span<const ScoreRequest> requests);

/// Scores requests in few batches by walking the tree of their prefixes depth first. A shared prefix (few-shot
/// examples, the context of several choices) is computed once, and its cache rows are released after its last branch. A
/// continuation of one token costs only its context. Rows that `cache` has from earlier calls are not computed again.
/// `Reuse::None` computes the whole context of every request and gives the same bits. `cache` has as many rows as the
/// network's KV cache; none may be held.
std::vector<ScoreResult> score(llama::Network& network, PrefixCache& cache, std::span<const ScoreRequest> requests,
                               Reuse reuse);

}  // namespace engine::scheduler
