#pragma once

#include <string>
#include <vector>

#include "harness/cli/scorers.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/scoring/people_agreement.hpp"
#include "harness/scoring/preference_pair.hpp"

namespace harness::cli {

/// How far a pairwise judge prefers the answers that people preferred.
struct PairAgreement {
    scoring::PeopleAgreement agreement;  ///< "preference", "consistent", "first_preferred"
    std::string first_reason;            ///< why the first pair without a value has none
};

/// Asks the judge (judge:MODEL) about every pair in both orders and stores the agreement under it. Throws UsageError
/// when no pair gets a preference in both orders.
PairAgreement evaluate_pairwise(const std::string& judge, const ScorerOptions& options,
                                const std::vector<std::string>& files, DatabaseToWrite& database);

}  // namespace harness::cli
