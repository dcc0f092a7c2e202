#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace suites::data {

/// Parses JSON that somebody else wrote. Throws SuiteError with the reason alone, as in "line 1, column 9: unexpected
/// '}'".
nlohmann::json parse_json(std::string_view text);
/// The same for a visitor (a handler of nlohmann's sax_parse) that wants every key and number as it is written. False
/// when the visitor stopped or the text is not JSON.
bool visit_json(std::string_view text, nlohmann::json::json_sax_t& visitor);
/// Null where the text is not JSON.
nlohmann::json json_or_null(std::string_view text);
/// The same with keys in the order of the text.
nlohmann::ordered_json ordered_json_or_null(std::string_view text);

/// What is checked of all such text before it is parsed: that it is not UTF-16, has no NUL, and is 200 levels deep at
/// most, because whatever copies, merges or prints values goes down as many calls. Throws likewise.
void check_text(std::string_view text);
/// The first of these checks alone, for text that is not JSON.
void check_encoding(std::string_view text);
/// The parser's reason, without what only a programmer understands.
std::string reason(const nlohmann::detail::exception& error);

/// Text from outside for a message: cut when it is long, and without the NUL at which a message would end.
std::string in_message(std::string_view text);

}  // namespace suites::data
