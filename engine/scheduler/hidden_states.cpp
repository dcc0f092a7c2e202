#include "engine/scheduler/hidden_states.hpp"

#include "engine/scheduler/tree_walk.hpp"

namespace engine::scheduler {
namespace {

/// Receives the states of a tree's nodes in tree order and gives the sum over the path from the first position to the
/// latest node. Sums are kept at branches of the tree, so that a shared prefix is summed once, in the same order as
/// without sharing.
class RunningSum {
public:
    explicit RunningSum(const PrefixTree& tree) : tree_(tree), branches_(tree.nodes.size()) {
        std::vector<std::size_t> path;  // node of each depth
        for (std::size_t node = 0; node < tree.nodes.size(); ++node) {
            const std::uint32_t depth = tree.nodes[node].depth;
            if (depth > 0 && depth != path.size()) branches_[path[depth - 1]] = true;
            path.resize(depth);
            path.push_back(node);
        }
    }

    void add(std::size_t node, std::span<const float> state) {
        const std::uint32_t depth = tree_.nodes[node].depth;
        while (!kept_.empty() && kept_.back().length > depth) kept_.pop_back();
        if (depth == 0)
            sum_.assign(state.size(), 0);
        else if (depth != length_)
            sum_ = kept_.back().sum;  // the parent is the branching node
        for (std::size_t i = 0; i < state.size(); ++i) sum_[i] += double{state[i]};
        length_ = depth + 1;
        if (branches_[node]) kept_.push_back({length_, sum_});
    }

    std::vector<float> mean() const {
        std::vector<float> result;
        result.reserve(sum_.size());
        for (const double value : sum_) result.push_back(static_cast<float>(value / length_));
        return result;
    }

private:
    struct Kept {
        std::uint32_t length;  // positions in the sum
        std::vector<double> sum;
    };

    const PrefixTree& tree_;
    std::vector<bool> branches_;  // nodes where a later branch starts
    std::vector<Kept> kept_;      // along the current path
    std::vector<double> sum_;
    std::uint32_t length_ = 0;
};

}  // namespace

std::vector<std::vector<float>> hidden_states(llama::Network& network, PrefixCache& cache,
                                              std::span<const std::vector<TokenId>> sequences,
                                              const HiddenStates& wanted, Reuse reuse) {
    std::vector<Sequence> inputs;
    for (const std::vector<TokenId>& ids : sequences) inputs.push_back({ids, {}});
    const PrefixTree tree = PrefixTree::build(inputs, reuse);
    const bool all = wanted.pooling == Pooling::Mean;
    const auto is_wanted = [&tree, all](std::size_t node) { return all || !tree.wanted_of(node).empty(); };
    std::vector<std::vector<float>> results(sequences.size());
    RunningSum sum(tree);
    const auto run_batch = [&](const llama::Batch& batch, std::span<const std::size_t> nodes) {
        std::vector<std::uint32_t> tokens;
        for (std::uint32_t token = 0; token < nodes.size(); ++token) {
            if (is_wanted(nodes[token])) tokens.push_back(token);
        }
        if (tokens.empty()) {
            network.run(batch);
            return;
        }
        const llama::States states = network.run_tapped(batch, {wanted.layer, wanted.final_norm}, tokens);
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            const std::size_t node = nodes[tokens[i]];
            const std::span<const float> state = states.of(i);
            if (all) sum.add(node, state);
            for (const Wanted& one : tree.wanted_of(node))
                results[one.request] = all ? sum.mean() : std::vector<float>(state.begin(), state.end());
        }
    };
    TreeWalk(network, cache, tree, reuse).run(is_wanted, run_batch);
    return results;
}

}  // namespace engine::scheduler
