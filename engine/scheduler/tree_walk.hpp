#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/llama/network.hpp"
#include "engine/scheduler/prefix_cache.hpp"
#include "engine/scheduler/prefix_tree.hpp"

namespace engine::scheduler {

/// Puts the nodes of a prefix tree into batches, depth first. The cache rows of a branch are released after its last
/// leaf has run.
class TreeWalk {
public:
    /// Whether a node must run even if its keys and values are in the cache.
    using MustRun = std::function<bool(std::size_t node)>;
    /// Runs a batch; nodes[i] is the node of its token i. Nodes come in the order of the tree.
    using RunBatch = std::function<void(const llama::Batch& batch, std::span<const std::size_t> nodes)>;

    /// `cache` has as many rows as the network's KV cache; none may be held. All arguments must outlive the walk.
    TreeWalk(const llama::Network& network, PrefixCache& cache, const PrefixTree& tree, Reuse reuse)
        : network_(network), cache_(cache), tree_(tree), reuse_(reuse) {}

    /// Clears the cache when a batch fails, since its rows have no contents.
    void run(const MustRun& must_run, const RunBatch& run_batch);

private:
    void add(std::size_t index, const MustRun& must_run, const RunBatch& run_batch);
    void leave(std::size_t depth);
    void flush(const RunBatch& run_batch);

    const llama::Network& network_;
    PrefixCache& cache_;
    const PrefixTree& tree_;
    Reuse reuse_;
    llama::Batch batch_;
    std::vector<std::size_t> nodes_;   // of the batch's tokens
    std::vector<std::uint32_t> path_;  // cache row of each position of the current branch
    std::vector<std::uint32_t> leaving_;
    std::uint32_t table_ = 0;
    bool has_table_ = false;  // the last table of the batch is the current branch's
};

}  // namespace engine::scheduler
