#pragma once

#include <string_view>

#include "suites/row.hpp"

namespace suites::fetch {

/// A value as Python prints it: dict, list, str, int, float, None, True, False. Some data sets keep rows so. Throws
/// SuiteError with the place, in bytes.
Row parse_python_literal(std::string_view text);

}  // namespace suites::fetch
