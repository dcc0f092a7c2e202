#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "harness/store/rows.hpp"

namespace harness::store {

class Database;

/// Judgements of pairs of stored answers. The database must outlive it. All functions throw StoreError.
class PairJudgementStore {
public:
    explicit PairJudgementStore(const Database& database);
    ~PairJudgementStore();
    PairJudgementStore(PairJudgementStore&&) noexcept;

    /// Stores judgements in one transaction; one of the same scorer, answers and order is replaced.
    /// ScoreStore::add_scorer gives the scorer's id.
    void add(std::int64_t scorer, const std::vector<PairJudgementRow>& judgements);
    /// The judgements of answers of one task (as a) against those of another (as b), by place and order.
    std::vector<PairJudgementRow> of_tasks(std::int64_t scorer, std::int64_t run_task_a, std::int64_t run_task_b) const;
    /// Scorers that judged pairs of two runs, run_a's answers as a; by id.
    std::vector<ScorerRow> scorers(std::int64_t run_a, std::int64_t run_b) const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace harness::store
