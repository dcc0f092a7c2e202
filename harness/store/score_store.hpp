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

/// One scorer's values of one metric. `values[i]` belongs to `TaskColumns::docs[i]`; none: unscored, or no score. An
/// item whose answers were scored one by one has the mean of those that have a value.
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
    std::vector<ErrorCount> errors = {};  ///< by first document

    /// nullptr when the scorer has no values of this metric.
    const ScoreColumn* find(std::string_view metric, std::int64_t scorer) const;
};

/// A scorer's value for a stored item.
struct ItemScore {
    std::int64_t run_task = 0;
    std::uint64_t doc = 0;
    ScoreRow score;  ///< its `scorer` is ignored; the argument of add_scores() counts
};

/// Scores of all items, and their scorers. The database must outlive it. All functions throw StoreError.
class ScoreStore {
public:
    explicit ScoreStore(const Database& database);
    ~ScoreStore();
    ScoreStore(ScoreStore&&) noexcept;

    /// The scores of one task, for aggregation, read in the order of the store: two to three queries for a task whose
    /// items were stored one after another. `use` gets each document, in order: whoever needs them too reads the items
    /// of a large run once instead of twice.
    TaskColumns task_columns(std::int64_t run_task, const UseDocument& use = {}) const;
    /// One entry per task of a run, in order.
    std::vector<TaskColumns> columns(std::int64_t run) const;
    /// Scorers of all scores of a run, sorted by id.
    std::vector<ScorerRow> scorers(std::int64_t run) const;
    /// The id of the scorer with these properties; creates it if there is none.
    std::int64_t add_scorer(const ScorerRow& scorer);
    /// Stores a scorer's values for stored items or single answers of them, in one transaction. An earlier score of the
    /// same scorer, item (answer) and metric is replaced; scores that the items were stored with are kept.
    void add_scores(std::int64_t scorer, const std::vector<ItemScore>& scores);
    /// Documents of a task to which the scorer gave any score, ascending: where scoring goes on after a kill.
    std::vector<std::uint64_t> scored_docs(std::int64_t run_task, std::int64_t scorer) const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace harness::store
