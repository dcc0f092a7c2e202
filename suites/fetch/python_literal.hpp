#pragma once

#include <string_view>

#include "suites/row.hpp"

namespace suites::fetch {

/// Parses a value printed by Python: dict, list, str, int, float, None, True, False. Some data sets store rows in this
/// form. Throws SuiteError with the byte position.
Row parse_python_literal(std::string_view text);

}  // namespace suites::fetch
