#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "harness/cli/run_model.hpp"
#include "harness/cli/verb.hpp"
#include "reports/gate/sequential.hpp"
#include "suites/catalog.hpp"

namespace harness::cli {

/// What a sequential gate judges by.
struct SequentialOptions {
    std::string baseline;  ///< file
    std::string policy;    ///< file; empty: every task's first metric may not drop
    std::size_t looks = 10;
    bool strict = false;
};

/// Adds --looks. The reference is that of the option.
Option& looks_option(Verb& verb, std::size_t& looks);

/// Runs the items of a plan in random order, look by look, until the verdict is certain. Which items a look has depends
/// on the baseline and on the plan's seed, so that a run that was stopped goes on and ends at the same item.
class SequentialRun {
public:
    /// Reads baseline and policy. Throws base::UsageError. The catalogue must outlive it.
    SequentialRun(const SequentialOptions& options, const suites::Catalog& catalog);

    /// Throws base::UsageError where the plan has not the documents of the baseline, and as run::execute does.
    run::Outcome execute(const run::Plan& plan, const run::Workers& workers, const OpenRuns& runs,
                         const run::Work& work);
    const reports::gate::SequentialState& state() const { return state_; }

private:
    const suites::Catalog& catalog_;
    std::size_t looks_;
    reports::data::RunView baseline_;
    reports::data::GatePolicy policy_;
    reports::gate::SequentialState state_;
};

/// The verdict on a stored run, complete or not, by the looks of its plan's seed.
reports::gate::SequentialState judge_stored(const reports::data::RunView& baseline, const reports::data::RunView& run,
                                            const reports::data::GatePolicy& policy, std::size_t looks);

/// "Decided at look 4 of 10: 528 of 1319 items, 60 % fewer."
std::string savings_text(const reports::gate::SequentialState& state, std::size_t looks);

}  // namespace harness::cli
