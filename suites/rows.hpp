#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace suites {

/// Rows of a JSON Lines text; blank lines are passed over. Throws SuiteError naming `where` and the line.
std::vector<nlohmann::json> parse_jsonl(std::string_view text, const std::string& where);

/// A whole file, unpacked when it is gzipped (by its first bytes). Throws SuiteError.
std::string read_text(const std::string& path);

}  // namespace suites
