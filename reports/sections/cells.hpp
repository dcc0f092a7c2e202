#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "reports/data/run.hpp"

namespace reports::sections {

/// Stands for what is not known.
constexpr const char* kNone = "–";

/// Four decimals; kNone for what is no number.
std::string number(double value);
std::string number(const std::optional<double>& value);
std::string range(const std::optional<data::Interval>& interval);
/// The same with a sign, as differences have it.
std::string signed_number(double value);
std::string signed_range(const std::optional<data::Interval>& interval);
/// Of a p-value.
std::string probability(const std::optional<double>& p);
/// "1 item", "2 items".
std::string counted(std::uint64_t count, std::string_view noun);
/// A name as long as a column may be.
std::string name_text(const std::string& name);

/// "demo:chat (run 3)", and that it is unfinished. A long variant's name is cut; the number says which run it is.
std::string run_name(const data::RunView& run);
/// "lmeval, version 1, 5-shot, 200 items".
std::string task_details(const data::TaskView& task);
/// Index of the run with this number, or how many there are.
std::size_t run_index(const std::vector<data::RunView>& runs, std::int64_t id);

}  // namespace reports::sections
