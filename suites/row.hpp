#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace suites {

/// A row of a data set, or a part of one. Keys keep the order of the file, because other harnesses hash the text of a
/// row.
///
/// A number that a double cannot represent with all its digits (an integer beyond 64 bits, a decimal of more than 17
/// digits) is stored as its text: a binary value of the subtype `kNumberText`.
using Row = nlohmann::ordered_json;
inline constexpr std::uint8_t kNumberText = 'N';

/// Parses the JSON of a row, at most 200 levels deep, in linear time. Throws SuiteError with only the reason, such as
/// "line 1, column 9: unexpected '}'".
Row parse_row(std::string_view text);

/// Reads the rows of a data file, whose extension gives the format: .jsonl, .json, .csv or .tsv, each also with .gz.
/// Throws SuiteError naming file and row.
std::vector<Row> read_data_file(const std::string& path);
/// The same of a file whose content, unpacked, is `text`.
std::vector<Row> parse_data_file(std::string_view text, const std::string& path);

/// A row or a part of one as compact JSON. Numbers are written as by Python: integers with all digits, decimals as the
/// shortest text that reads back as the same double. `kNumberText` values are written unchanged. Invalid UTF-8 bytes
/// become U+FFFD.
std::string row_text(const Row& value);
/// A string itself; any other value as row_text() writes it.
std::string value_text(const Row& value);

}  // namespace suites
