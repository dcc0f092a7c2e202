#include "engine/scheduler/tree_walk.hpp"

namespace engine::scheduler {

void TreeWalk::run(const MustRun& must_run, const RunBatch& run_batch) {
    try {
        for (std::size_t node = 0; node < tree_.nodes.size(); ++node) add(node, must_run, run_batch);
        leave(0);
        flush(run_batch);
    } catch (...) {
        cache_.clear();
        throw;
    }
}

void TreeWalk::add(std::size_t index, const MustRun& must_run, const RunBatch& run_batch) {
    const PrefixTree::Node& node = tree_.nodes[index];
    // A table lists the rows of one path; a new branch needs a new table.
    has_table_ = has_table_ && node.depth == path_.size();
    leave(node.depth);
    // A flush releases the rows of finished branches.
    if (cache_.held() == cache_.rows()) flush(run_batch);
    const std::uint32_t parent = path_.empty() ? PrefixCache::kNone : path_.back();
    const std::uint32_t row = reuse_ == Reuse::None ? cache_.hold_alone() : cache_.hold(parent, node.id);
    path_.push_back(row);
    if (cache_.is_computed(row) && !must_run(index)) {
        has_table_ = has_table_ && batch_.rows.size() < network_.table_rows();
        if (has_table_) batch_.rows.push_back(row);
        return;
    }
    // A new table starts with the rows of the whole path.
    const std::size_t new_rows = has_table_ ? 1 : path_.size();
    if (batch_.tokens.size() == network_.batch_tokens() || batch_.rows.size() + new_rows > network_.table_rows())
        flush(run_batch);
    if (has_table_) {
        batch_.rows.push_back(row);
    } else {
        table_ = static_cast<std::uint32_t>(batch_.rows.size());
        batch_.rows.insert(batch_.rows.end(), path_.begin(), path_.end());
        has_table_ = true;
    }
    batch_.tokens.push_back({node.id, node.depth, table_});
    nodes_.push_back(index);
    cache_.set_computed(row);
}

/// Cuts the path to `depth`. The batch may still read the rows, so they are released after it has run.
void TreeWalk::leave(std::size_t depth) {
    for (; path_.size() > depth; path_.pop_back()) leaving_.push_back(path_.back());
}

void TreeWalk::flush(const RunBatch& run_batch) {
    if (!batch_.tokens.empty()) run_batch(batch_, nodes_);
    for (const std::uint32_t row : leaving_) cache_.release(row);
    leaving_.clear();
    batch_.clear();
    nodes_.clear();
    has_table_ = false;
}

}  // namespace engine::scheduler
