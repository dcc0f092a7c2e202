#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "reports/data/gate.hpp"
#include "reports/formats/table_text.hpp"

namespace reports::formats {

// All of these are made from the same verdict as gate::exit_code.

/// The verdict, then why, a table of the suites, and the items whose score became worse.
std::string render_terminal(const data::GateVerdict& verdict, std::size_t width = kUnlimited);
/// For a pull request or a job's summary.
std::string render_markdown(const data::GateVerdict& verdict);
/// {"status", "exit_code", "verdict", "strict", "level", "baseline", "run", "obstacles", "differing", "suites":
/// [{"suite", "tier", "metric", "status", "reason", "items", "before", "after", "difference", "bounds", "margin",
/// "test", "p", "detectable", "needed_items", "worse", "better", "flips": [{"task", "doc", "before", "after"}]}]}.
/// Unknown values are null.
std::string render_json(const data::GateVerdict& verdict);
/// JUnit XML: a test case for each suite and one for the runs as a whole. A regression is a failure, as is an
/// inconclusive suite where the policy is strict; what is incomplete or not comparable is an error; what does not count
/// is skipped. So there are failures or errors exactly where the exit code is not 0.
std::string render_junit(const data::GateVerdict& verdict);

std::string render_terminal(const std::vector<data::SuitePower>& powers, std::size_t width = kUnlimited);
/// {"suites": [{"suite", "tier", "metric", "items", "assumed", "chances": [{"drop", "chance"}], "reason"}], "warnings"}
std::string render_json(const std::vector<data::SuitePower>& powers);

/// {"identical", "changed": [{"task", "doc", "what"}]}
std::string render_json(const std::vector<data::ChangedItem>& changed);
std::string render_terminal(const std::vector<data::ChangedItem>& changed, std::size_t width = kUnlimited);

}  // namespace reports::formats
