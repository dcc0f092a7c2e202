#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "harness/store/rows.hpp"

namespace harness::store {

class Database;

/// The measured accuracy of scorers. The database must outlive it. All functions throw StoreError.
class AccuracyStore {
public:
    explicit AccuracyStore(const Database& database);
    ~AccuracyStore();
    AccuracyStore(AccuracyStore&&) noexcept;

    /// Stores what was measured; an older row of the same scorer, scale and labels is replaced, a newer one is kept.
    /// ScoreStore::add_scorer gives the scorer's id.
    void set(const ScorerAccuracyRow& accuracy);
    /// What was measured of a scorer, the newest first. Empty: its agreement with people was not measured.
    std::vector<ScorerAccuracyRow> of_scorer(std::int64_t scorer) const;
    /// The same of every scorer that scored the outputs of a run afterwards, by scorer.
    std::vector<ScorerAccuracyRow> of_run(std::int64_t run) const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace harness::store
