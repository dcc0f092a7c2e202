#pragma once

#include <exception>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace suites::data {

/// Parses JSON from outside. Throws SuiteError with only the reason, such as "line 1, column 9: found '}', expected
/// ...".
nlohmann::json parse_json(std::string_view text);
/// The same for a visitor (a handler of nlohmann's sax_parse), which sees every key and number as written. False when
/// the visitor stopped or the text is not JSON.
bool visit_json(std::string_view text, nlohmann::json::json_sax_t& visitor);
/// Parses JSON; null when the text is not JSON.
nlohmann::json json_or_null(std::string_view text);
/// The same with keys in the order of the text.
nlohmann::ordered_json ordered_json_or_null(std::string_view text);

/// Checks text before it is parsed: not UTF-16, no NUL, at most 200 levels deep, because copying, merging and printing
/// values is recursive. Throws SuiteError with only the reason.
void check_text(std::string_view text);
/// Only the check for UTF-16, for text that is not JSON.
void check_encoding(std::string_view text);
/// What an exception says; in our own words for one of the JSON library, which a row without an expected field causes.
std::string reason(const std::exception& error);

/// Text from outside, made safe for a message: long text is cut, and NUL, which would end the message, is escaped.
std::string in_message(std::string_view text);

}  // namespace suites::data
