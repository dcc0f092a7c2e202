#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace suites::definition {

/// The files that `extends` may name, by their names without folder and extension.
struct Bases {
    std::function<const nlohmann::json*(const std::string& stem)> find;  ///< nullptr: no such file
    std::function<std::set<std::string>()> names;                        ///< for error messages
};

/// Resolves `extends` and `subtasks` of a task file: one plain definition for Task::from_json per task, at most 64 MiB
/// of text. Throws SuiteError naming `where` and the field.
std::vector<nlohmann::json> expand_definition(const nlohmann::json& file, const std::string& where, const Bases& bases);

}  // namespace suites::definition
