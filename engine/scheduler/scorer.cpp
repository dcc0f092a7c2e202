#include "engine/scheduler/scorer.hpp"

#include "engine/scheduler/tree_walk.hpp"

namespace engine::scheduler {

std::vector<Sequence> sequences_of(std::span<const ScoreRequest> requests) {
    std::vector<Sequence> sequences;
    sequences.reserve(requests.size());
    for (const ScoreRequest& request : requests)
        sequences.push_back({request.context, std::span(request.continuation).first(request.continuation.size() - 1)});
    return sequences;
}

std::vector<ScoreResult> score(llama::Network& network, PrefixCache& cache, std::span<const ScoreRequest> requests,
                               Reuse reuse) {
    std::vector<ScoreResult> results(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) results[i].tokens.resize(requests[i].continuation.size());
    const std::vector<Sequence> sequences = sequences_of(requests);
    const PrefixTree tree = PrefixTree::build(sequences, reuse);
    std::vector<llama::Target> targets;
    std::vector<Wanted> wanted;  // of each target
    const auto run_batch = [&](const llama::Batch& batch, std::span<const std::size_t> nodes) {
        targets.clear();
        wanted.clear();
        for (std::uint32_t token = 0; token < nodes.size(); ++token) {
            for (const Wanted& one : tree.wanted_of(nodes[token])) {
                targets.push_back({token, requests[one.request].continuation[one.index]});
                wanted.push_back(one);
            }
        }
        network.run(batch);
        const std::vector<TokenScore> scores = network.score(targets);
        for (std::size_t i = 0; i < scores.size(); ++i) results[wanted[i].request].tokens[wanted[i].index] = scores[i];
    };
    // A token that an earlier call computed runs again only when its logits are needed.
    TreeWalk(network, cache, tree, reuse)
        .run([&tree](std::size_t node) { return !tree.wanted_of(node).empty(); }, run_batch);
    return results;
}

}  // namespace engine::scheduler
