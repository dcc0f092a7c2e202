#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "suites/row.hpp"

namespace suites {

/// Parses JSON that somebody else wrote. Refuses what is more than 200 levels deep: whatever copies, merges or prints
/// values goes down as many calls. Throws SuiteError with the reason alone, as in "line 1, column 9: unexpected '}'".
nlohmann::json parse_json(std::string_view text, const nlohmann::json::parser_callback_t& watch = nullptr);
/// The same for rows of data, whose keys stay in their order.
Row parse_row_json(std::string_view text);
/// For other ways of parsing: that check and the parser's reason.
void check_depth(std::string_view text);
std::string reason(const nlohmann::json::exception& error);

/// Somebody's text in a message: cut when it is long, and without the NUL at which a message would end.
std::string in_message(std::string_view text);

}  // namespace suites
