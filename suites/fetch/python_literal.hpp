#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace suites::fetch {

/// A value as Python prints it: dict, list, str, int, float, None, True, False. Some data sets keep rows so. Throws
/// SuiteError with the place, in bytes.
nlohmann::json parse_python_literal(std::string_view text);

}  // namespace suites::fetch
