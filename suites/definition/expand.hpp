#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace suites::definition {

/// The files that `extends` may name, by their names without folder and ending.
struct Bases {
    std::function<const nlohmann::json*(const std::string& stem)> find;  ///< nullptr when there is none
    std::function<std::set<std::string>()> names;                        ///< for messages
};

/// A task file with `extends` followed and `subtasks` written out: one plain definition, as Task::from_json takes it,
/// for each task, 64 MiB of text at most. Throws SuiteError naming `where` and the field.
std::vector<nlohmann::json> expand_definition(const nlohmann::json& file, const std::string& where, const Bases& bases);

}  // namespace suites::definition
