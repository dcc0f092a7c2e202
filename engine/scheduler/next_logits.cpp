#include "engine/scheduler/next_logits.hpp"

#include "engine/scheduler/scorer.hpp"
#include "engine/scheduler/tree_walk.hpp"

namespace engine::scheduler {

void next_logits(llama::Network& network, PrefixCache& cache, std::span<const ScoreRequest> requests, Reuse reuse,
                 const TakeLogits& take) {
    const std::vector<Sequence> sequences = sequences_of(requests);
    const PrefixTree tree = PrefixTree::build(sequences, reuse);
    const auto is_wanted = [&tree](std::size_t node) { return !tree.wanted_of(node).empty(); };
    std::vector<std::uint32_t> tokens;  // of the batch, whose logits are wanted
    const auto run_batch = [&](const llama::Batch& batch, std::span<const std::size_t> nodes) {
        tokens.clear();
        for (std::uint32_t token = 0; token < nodes.size(); ++token) {
            if (is_wanted(nodes[token])) tokens.push_back(token);
        }
        network.run(batch);
        network.logits(tokens, [&](std::size_t index, std::span<const float> row) {
            for (const Wanted& one : tree.wanted_of(nodes[tokens[index]])) take(one.request, one.index, row);
        });
    };
    TreeWalk(network, cache, tree, reuse).run(is_wanted, run_batch);
}

}  // namespace engine::scheduler
