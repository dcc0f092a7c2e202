#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Comma-separated values (RFC 4180) that a spreadsheet shows and does not run.
namespace reports::text {

/// A cell with a text, quoted where it has to be. A text that a spreadsheet could take for a formula, because it begins
/// with = + - @, a tab or a carriage return, gets an apostrophe before it, and so does one that begins with apostrophes
/// before such a character, so that csv_original() has a single answer. Numbers keep their sign. Ill-formed UTF-8
/// becomes U+FFFD.
std::string csv_text(std::string_view text);

/// What csv_text() was given, from a cell without its quotes.
std::string csv_original(std::string_view cell);

/// The shortest digits that identify a number; an empty cell for what is not finite.
std::string csv_number(double number);

/// Cells that are encoded already, as a line.
std::string csv_line(const std::vector<std::string>& cells);

}  // namespace reports::text
