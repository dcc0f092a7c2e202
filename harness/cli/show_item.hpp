#pragma once

#include <cstdint>
#include <string>

#include "harness/cli/exit_code.hpp"
#include "harness/store/run_store.hpp"

namespace harness::cli {

struct ItemChoice {
    std::string task;  ///< empty: every task that has the document
    std::uint64_t doc = 0;
    bool json = false;
};

/// Prints everything about one document of a run, for every task that has it. Throws UsageError where none has.
ExitCode show_item(const store::RunStore& runs, const store::RunRow& run, const ItemChoice& choice);

}  // namespace harness::cli
