#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/data/run.hpp"
#include "reports/sections/table.hpp"

namespace reports::sections {

/// Whether anything is known of what a run took.
bool is_cost_known(const data::RunView& run);

/// Tokens of prompts and answers per second from start to end; none if time or tokens are unknown or took less than a
/// second.
std::optional<double> tokens_per_second(const data::CostView& cost);

/// "42 s", "3 min 20 s", "2 h 5 min"; "less than 1 s".
std::string duration_text(double seconds);
/// "1.1 MiB".
std::string size_text(std::uint64_t bytes);
/// Tokens per second, "12.3" or "1219"; kNone if it is not known (0).
std::string rate_text(double rate);

/// What a run took, in words: "42 s for 51200 tokens (1219 tokens/s), weights 1.1 MiB (F16)"; says what is not known.
std::string cost_text(const data::RunView& run);

/// Time, tokens and size of the runs; no rows if nothing is known of any.
Table cost_table(const std::vector<data::RunView>& runs);

}  // namespace reports::sections
