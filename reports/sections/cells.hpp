#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "reports/data/run.hpp"

namespace reports::sections {

/// Cell text for unknown values.
constexpr const char* kNone = "–";

/// Four decimals; kNone if the value is not a number.
std::string number(double value);
std::string number(const std::optional<double>& value);
std::string range(const std::optional<data::Interval>& interval);
/// Number with a sign, for differences.
std::string signed_number(double value);
std::string signed_range(const std::optional<data::Interval>& interval);
/// A p-value as text.
std::string probability(const std::optional<double>& p);
/// "1 item", "2 items".
std::string counted(std::uint64_t count, std::string_view noun);
/// A name, shortened to the max width of a column.
std::string name_text(const std::string& name);

/// "demo:chat (run 3)", with a note if the run is unfinished. The name of a long variant is shortened; the number
/// identifies the run.
std::string run_name(const data::RunView& run);
/// "lmeval, version 1, 5-shot, 200 items".
std::string task_details(const data::TaskView& task);
/// Index of the run with this id; `runs.size()` if there is none.
std::size_t run_index(const std::vector<data::RunView>& runs, std::int64_t id);

}  // namespace reports::sections
