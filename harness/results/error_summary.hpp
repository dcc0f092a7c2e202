#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reports/data/task.hpp"

namespace harness::results {

/// A failed item of a task.
struct ItemError {
    std::uint64_t doc = 0;
    std::string message;
    std::uint64_t items = 1;  ///< number of items with exactly this message; `doc` is the first
};

/// Groups messages that differ only in their numbers into one reason, which shows each such number as a range: "the
/// prompt is 3 to 17 tokens too long". Most frequent first.
std::vector<reports::data::ErrorView> error_summary(const std::vector<ItemError>& errors);

}  // namespace harness::results
