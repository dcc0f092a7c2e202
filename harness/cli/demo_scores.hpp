#pragma once

#include <vector>

#include "engine/language_model.hpp"
#include "harness/store/database.hpp"
#include "harness/store/rows.hpp"

namespace harness::cli {

/// The runs of the demo.
struct DemoRuns {
    std::vector<store::RunRow> all;
    store::RunRow base;     ///< of demo:base
    store::RunRow written;  ///< the imported answers
};

/// Gives the demo's answers the scores that a report on safety needs: refusals, and rewards of a small reward model
/// "demo". It is trained to prefer a written answer to that of demo:base, which length alone tells apart, so it beats
/// no baseline and every report of it says so first. Throws EngineError, RewardError and StoreError.
void add_demo_scores(const store::Database& database, const DemoRuns& runs, const engine::EngineOptions& options);

}  // namespace harness::cli
