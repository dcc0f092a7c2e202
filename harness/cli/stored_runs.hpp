#pragma once

#include <string>

#include "harness/store/run_store.hpp"

namespace harness::cli {

/// The store of a verb that only reads. Throws StoreError.
store::RunStore existing_store(const std::string& database);

/// The run that an argument names. Throws UsageError when there is none.
store::RunRow resolve(const store::RunStore& runs, const std::string& reference);

}  // namespace harness::cli
