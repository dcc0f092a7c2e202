#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "suites/row.hpp"
#include "suites/text.hpp"

namespace suites::data {

/// Rows of a JSON Lines text; blank lines are ignored. All parsers throw SuiteError naming `where` and the row.
std::vector<Row> parse_jsonl(std::string_view text, const std::string& where);

/// Rows of a JSON array of objects.
std::vector<Row> parse_json_array(std::string_view text, const std::string& where);

/// Rows of a table with quoted fields (RFC 4180: quotes doubled, line breaks inside quotes), all values strings. The
/// column names are `columns`, or the first row when that is empty. A byte order mark at the start is ignored.
std::vector<Row> parse_table(std::string_view text, char separator, const std::vector<std::string>& columns,
                             const std::string& where);

/// The rows of a file, whose extension gives the format: .jsonl, .json, .csv or .tsv, each also with .gz. Throws
/// SuiteError.
std::vector<Row> read_rows(const std::string& path, const std::vector<std::string>& columns = {});

}  // namespace suites::data
