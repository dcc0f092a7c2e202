#pragma once

#include <string>
#include <vector>

#include "harness/store/run_store.hpp"

namespace harness::results {

/// The stop strings of a task's generations, in order.
std::vector<std::string> stop_strings(const store::RunTaskRow& task);

/// An output cut at each stop string in turn.
std::string cut_at(std::string output, const std::vector<std::string>& stop_strings);

/// An output as lm-evaluation-harness stores it: it decodes the generated tokens alone, which loses a leading space,
/// and cuts the text at each stop string in turn. Bellwether stores both, since graders of programs need them.
std::string as_reference_keeps(const std::string& output, const std::vector<std::string>& stop_strings);

}  // namespace harness::results
