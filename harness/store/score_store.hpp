#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/store/rows.hpp"

namespace harness::store {

class Database;

/// One scorer's values of one metric. `values[i]` belongs to `TaskColumns::docs[i]`; none: unscored, or no score.
struct ScoreColumn {
    std::string metric;
    std::int64_t scorer = 0;
    std::vector<std::optional<double>> values;
};

/// The scores of one task of a run, without its documents and outputs.
struct TaskColumns {
    std::int64_t run_task = 0;
    std::vector<std::uint64_t> docs;  ///< ascending
    std::vector<bool> failed;         ///< failed[i]: document docs[i] has an error
    std::vector<ScoreColumn> columns;

    /// nullptr when the scorer gave no such metric.
    const ScoreColumn* find(std::string_view metric, std::int64_t scorer) const;
};

/// A value that a scorer gives a stored item.
struct ItemScore {
    std::int64_t run_task = 0;
    std::uint64_t doc = 0;
    ScoreRow score;  ///< its scorer is that of the call
};

/// Scores of all items, and who gave them. The database must outlive it. All functions throw StoreError.
class ScoreStore {
public:
    explicit ScoreStore(const Database& database);
    ~ScoreStore();
    ScoreStore(ScoreStore&&) noexcept;

    /// One entry a task, in the tasks' order, read in one query: what aggregation needs.
    std::vector<TaskColumns> columns(std::int64_t run) const;
    /// Of all scores of a run, by number.
    std::vector<ScorerRow> scorers(std::int64_t run) const;
    /// The number of a scorer with these properties, which is made when there is none.
    std::int64_t add_scorer(const ScorerRow& scorer);
    /// What a scorer gives stored items, in one transaction. A score of the same scorer, item and metric is replaced;
    /// those that items were stored with stay.
    void add_scores(std::int64_t scorer, const std::vector<ItemScore>& scores);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace harness::store
