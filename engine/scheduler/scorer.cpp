#include "engine/scheduler/scorer.hpp"

namespace engine::scheduler {
namespace {

using llama::Batch;
using llama::Network;
using llama::Target;

class Scorer {
public:
    Scorer(Network& network, PrefixCache& cache, const PrefixTree& tree, Reuse reuse, std::vector<ScoreResult>& results)
        : network_(network), cache_(cache), tree_(tree), reuse_(reuse), results_(results) {}

    void run() {
        for (std::size_t node = 0; node < tree_.nodes.size(); ++node) add(node);
        leave(0);
        flush();
    }

private:
    void add(std::size_t index) {
        const PrefixTree::Node& node = tree_.nodes[index];
        has_table_ = has_table_ && node.depth == path_.size();
        leave(node.depth);
        const std::span<const Wanted> wanted = tree_.wanted_of(index);
        if (cache_.held() == cache_.rows()) flush();
        const std::uint32_t row = reuse_ == Reuse::None ? cache_.hold_alone() : cache_.hold(end_of_path(), node.id);
        path_.push_back(row);
        // A token that an earlier call has computed runs again only when its logits are wanted.
        if (cache_.is_computed(row) && wanted.empty()) {
            has_table_ = has_table_ && batch_.rows.size() < network_.table_rows();
            if (has_table_) batch_.rows.push_back(row);
            return;
        }
        const std::size_t new_rows = has_table_ ? 1 : path_.size();
        if (batch_.tokens.size() == network_.batch_tokens() || batch_.rows.size() + new_rows > network_.table_rows())
            flush();
        if (has_table_) {
            batch_.rows.push_back(row);
        } else {
            table_ = static_cast<std::uint32_t>(batch_.rows.size());
            batch_.rows.insert(batch_.rows.end(), path_.begin(), path_.end());
            has_table_ = true;
        }
        const auto token = static_cast<std::uint32_t>(batch_.tokens.size());
        batch_.tokens.push_back({node.id, node.depth, table_});
        cache_.set_computed(row);
        for (const Wanted& one : wanted) {
            targets_.push_back({token, id_of(one)});
            wanted_.push_back(one);
        }
    }

    std::uint32_t end_of_path() const { return path_.empty() ? PrefixCache::kNone : path_.back(); }

    /// Cuts the path to `depth`. The batch may still read the rows, so they are let go only after it has run.
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
        for (const std::uint32_t row : leaving_) cache_.release(row);
        leaving_.clear();
        batch_.clear();
        targets_.clear();
        wanted_.clear();
        has_table_ = false;
    }

    TokenId id_of(const Wanted& wanted) const { return results_[wanted.request].tokens[wanted.index].id; }

    Network& network_;
    PrefixCache& cache_;
    const PrefixTree& tree_;
    Reuse reuse_;
    std::vector<ScoreResult>& results_;  // ids filled in beforehand
    Batch batch_;
    std::vector<Target> targets_;
    std::vector<Wanted> wanted_;
    std::vector<std::uint32_t> path_;  // cache row of each position of the current branch
    std::vector<std::uint32_t> leaving_;
    std::uint32_t table_ = 0;
    bool has_table_ = false;  // the last table of the batch is the current branch's
};

}  // namespace

std::vector<ScoreResult> score(Network& network, PrefixCache& cache, std::span<const ScoreRequest> requests,
                               Reuse reuse) {
    std::vector<ScoreResult> results(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
        for (const TokenId id : requests[i].continuation) results[i].tokens.push_back({id, 0, false});
    }
    const PrefixTree tree = PrefixTree::build(requests, reuse);
    try {
        Scorer(network, cache, tree, reuse, results).run();
    } catch (...) {
        cache.clear();  // rows of a batch that did not run hold nothing
        throw;
    }
    return results;
}

}  // namespace engine::scheduler
