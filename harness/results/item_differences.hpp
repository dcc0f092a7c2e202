#pragma once

#include "harness/store/run_store.hpp"
#include "reports/data/item_difference.hpp"

namespace harness::results {

/// Compares items of the same task and document, even if versions or profiles differ; documents are paired by
/// reports::sections::pair_documents. Log-probabilities differ when they are more than `tolerance` apart; two equal
/// infinities do not.
reports::data::RunDifference item_differences(const store::RunStore& runs, const store::RunRow& first,
                                              const store::RunRow& second, double tolerance);

}  // namespace harness::results
