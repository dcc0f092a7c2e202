#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "suites/request.hpp"
#include "suites/row.hpp"

/// Fields of rows that people prepared: JSON lines, a JSON list, CSV or TSV. Mistakes of one row are std::runtime_error
/// without a place; `read_rows` adds file and row.
namespace harness::interchange {

/// What public files call the fields of a prompt's id and of the output (AlpacaEval, XSTest, HarmBench, OpenAI's and
/// Hugging Face's forms). The first that a row has counts.
inline constexpr std::array kIdFields = {"id", "prompt_id", "question_id"};
inline constexpr std::array kOutputFields = {"output",       "response",   "completion",
                                             "model_output", "generation", "answer"};

/// Mistakes of a file that are shown.
inline constexpr std::size_t kMaxMistakes = 20;

/// Throws a mistake of one field: `field "chosen": is missing`.
[[noreturn]] void fail_field(std::string_view field, std::string_view reason);

/// The text itself if it is UTF-8.
std::string utf8_text(std::string text, std::string_view field);
/// A string that is UTF-8.
std::string text_in(const suites::Row& value, std::string_view field);
std::string text_at(const suites::Row& row, const char* field);

/// Whether the row has this field with a value: null and, in a table, an empty cell do not count.
bool has_field(const suites::Row& row, const char* field);

/// A list of turns {"role", "content"}, of which the last is the user's.
std::vector<suites::Message> turns_in(const suites::Row& list);
/// The conversation of "turns", or "prompt" as one turn of the user; empty: the row has neither.
std::vector<suites::Message> conversation_in(const suites::Row& row);

/// A conversation in the form that studies store: a list of {"role", "content"}.
std::string turns_json(const std::vector<suites::Message>& turns);

/// The content of a file, unpacked. Throws InterchangeError.
std::string text_of_file(const std::string& path);

/// The rows of a file whose unpacked content is `text`; the extension of its name gives the format. Throws
/// InterchangeError.
std::vector<suites::Row> rows_in(std::string_view text, const std::string& path);

/// Calls `read` with each row and its place ("FILE: row 3"). The arguments are those of rows_in(). Throws
/// InterchangeError with every mistake, at most 20, and for a file without rows.
void read_rows(std::string_view text, const std::string& path,
               const std::function<void(const suites::Row& row, const std::string& where)>& read);

}  // namespace harness::interchange
