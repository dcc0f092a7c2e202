#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace suites {

/// A row of a data set, or a part of one. Keys stay in the order of the file: other harnesses hash the text of a row.
///
/// A number that would not come back from a double with all its digits (an integer beyond 64 bits, a decimal of more
/// than 17 digits) is kept as the text of the file: a binary value of the subtype `kNumberText`.
using Row = nlohmann::ordered_json;
inline constexpr std::uint8_t kNumberText = 'N';

/// Parses the JSON of a row, in time linear in its size, at most 200 levels deep. Throws SuiteError with the reason
/// alone, as in "line 1, column 9: unexpected '}'".
Row parse_row(std::string_view text);

/// The rows of a data file by its ending: .jsonl, .json, .csv or .tsv, each also with .gz. Throws SuiteError naming
/// file and row.
std::vector<Row> read_data_file(const std::string& path);

/// A row or a part of one as compact JSON. Numbers are written as Python writes them - integers with all their digits,
/// decimals by the shortest text that reads back as the same double - and number texts as they are. Bytes that are not
/// UTF-8 become U+FFFD.
std::string row_text(const Row& value);

}  // namespace suites
