#include "engine/scheduler/scorer.hpp"

#include "engine/scheduler/row_pool.hpp"

namespace engine::scheduler {
namespace {

class Scorer {
public:
    Scorer(Network& network, const PrefixTree& tree, std::vector<ScoreResult>& results)
        : network_(network), tree_(tree), results_(results), pool_(network.cache_rows()) {}

    void run() {
        for (std::size_t node = 0; node < tree_.nodes.size(); ++node) add(node);
        flush();
    }

private:
    void add(std::size_t index) {
        const PrefixTree::Node& node = tree_.nodes[index];
        const bool goes_on = has_table_ && node.depth == path_.size();
        leave(node.depth);
        const std::size_t new_rows = goes_on ? 1 : node.depth + std::size_t{1};
        if (batch_.tokens.size() == network_.batch_tokens() || batch_.rows.size() + new_rows > network_.table_rows() ||
            pool_.available() == 0)
            flush();
        if (!goes_on || !has_table_) {
            table_ = static_cast<std::uint32_t>(batch_.rows.size());
            batch_.rows.insert(batch_.rows.end(), path_.begin(), path_.end());
            has_table_ = true;
        }
        path_.push_back(pool_.take());
        batch_.rows.push_back(path_.back());
        const auto token = static_cast<std::uint32_t>(batch_.tokens.size());
        batch_.tokens.push_back({node.id, node.depth, table_});
        for (const Wanted& wanted : tree_.wanted_of(index)) {
            targets_.push_back({token, id_of(wanted)});
            wanted_.push_back(wanted);
        }
    }

    /// Cuts the path to `depth`. The batch may still read the rows, so they are free only after it has run.
    void leave(std::size_t depth) {
        for (; path_.size() > depth; path_.pop_back()) leaving_.push_back(path_.back());
    }

    void flush() {
        if (!batch_.tokens.empty()) {
            network_.run(batch_);
            const std::vector<TokenScore> scores = network_.score(targets_);
            for (std::size_t i = 0; i < scores.size(); ++i)
                results_[wanted_[i].request].tokens[wanted_[i].index] = scores[i];
        }
        for (const std::uint32_t row : leaving_) pool_.release(row);
        leaving_.clear();
        batch_.clear();
        targets_.clear();
        wanted_.clear();
        has_table_ = false;
    }

    TokenId id_of(const Wanted& wanted) const { return results_[wanted.request].tokens[wanted.index].id; }

    Network& network_;
    const PrefixTree& tree_;
    std::vector<ScoreResult>& results_;  // ids filled in beforehand
    RowPool pool_;
    Batch batch_;
    std::vector<Target> targets_;
    std::vector<Wanted> wanted_;
    std::vector<std::uint32_t> path_;  // cache row of each position of the current branch
    std::vector<std::uint32_t> leaving_;
    std::uint32_t table_ = 0;
    bool has_table_ = false;  // the current branch's table is the last in the batch
};

}  // namespace

std::vector<ScoreResult> score(Network& network, std::span<const ScoreRequest> requests, Reuse reuse) {
    std::vector<ScoreResult> results(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
        for (const TokenId id : requests[i].continuation) results[i].tokens.push_back({id, 0, false});
    }
    const PrefixTree tree = PrefixTree::build(requests, reuse);
    Scorer(network, tree, results).run();
    return results;
}

}  // namespace engine::scheduler
