#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace suites {

/// The file that `extends` names, by its name without folder and ending; nullptr when there is none.
using FindBase = std::function<const nlohmann::json*(const std::string& stem)>;

/// A task file with `extends` followed and `subtasks` written out: one plain definition, as Task::from_json takes it,
/// for each task. Throws SuiteError naming `where` and the field.
std::vector<nlohmann::json> expand_definition(const nlohmann::json& file, const std::string& where,
                                              const FindBase& find_base);

}  // namespace suites
