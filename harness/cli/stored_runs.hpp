#pragma once

#include <string>

#include "harness/store/database.hpp"
#include "harness/store/run_store.hpp"

namespace harness::cli {

/// Opens a database for a verb that only reads. Throws StoreError.
store::Database database_to_read(const std::string& path);

/// Opens a database for a verb that writes; creates a missing file. Prints to standard error when it waits for another
/// process. Throws StoreError.
store::Database database_to_write(const std::string& path);

/// The run that an argument names. Throws UsageError when there is none.
store::RunRow resolve(const store::RunStore& runs, const std::string& reference);

}  // namespace harness::cli
