#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace suites {
class Task;
struct Group;
}  // namespace suites

namespace harness::cli {

/// "validation" for data in "boolq/validation.jsonl"; empty for an embedded file.
std::string split_of(const suites::Task& task);

std::vector<std::string> metric_names(const suites::Task& task);

/// What the `suites` verbs print as JSON.
nlohmann::json summary(const suites::Task& task);
nlohmann::json summary(const suites::Group& group);

}  // namespace harness::cli
