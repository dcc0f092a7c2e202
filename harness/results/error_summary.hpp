#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reports/data/task.hpp"

namespace harness::results {

/// An item of a task that failed.
struct ItemError {
    std::uint64_t doc = 0;
    std::string message;
    std::uint64_t items = 1;  ///< that have this very message; `doc` is the first
};

/// Messages that differ in their numbers only are one reason, which shows each such number as a range: "the prompt is
/// 3 to 17 tokens too long". The most frequent first.
std::vector<reports::data::ErrorView> error_summary(const std::vector<ItemError>& errors);

}  // namespace harness::results
