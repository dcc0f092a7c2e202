#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "suites/row.hpp"

/// Fields of rows as their publishers wrote them.
namespace suites::transforms {

/// A required field. Throws SuiteError when it is absent.
const Row& field(const Row& row, const char* name);
/// A required string field. Throws SuiteError.
std::string text_field(const Row& row, const char* name);
/// A required list of strings, which messages call `shown` (empty: `name`). Throws SuiteError.
std::vector<std::string> texts_field(const Row& row, const char* name, const std::string& shown = "");
/// A field of any type, which may be absent.
Row field_or(const Row& row, const char* name, const Row& otherwise);

}  // namespace suites::transforms
