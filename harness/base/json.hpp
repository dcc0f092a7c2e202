#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "harness/base/usage_error.hpp"

/// The only place in the harness where text becomes JSON (suites has its own for task files and rows of data).
namespace harness::base {

/// The text is not JSON, or breaks a rule. The message gives line and column in our own words.
class JsonError : public UsageError {
public:
    using UsageError::UsageError;
};

enum class DuplicateKeys {
    LastWins,  ///< as in Python: keeps the place of the first key and the value of the last
    Refused,
};

struct JsonRules {
    int max_depth = 200;  ///< since copying, comparing and printing a value recurse to its depth
    std::size_t max_bytes = std::size_t{1} << 30;
    DuplicateKeys duplicates = DuplicateKeys::LastWins;
};

/// `where` is put before the message: a file, a row, a field. Throws JsonError.
nlohmann::json parse_json(std::string_view text, std::string_view where, const JsonRules& rules = {});
/// Like parse_json, but keeps the keys in the order of the text.
nlohmann::ordered_json parse_ordered_json(std::string_view text, std::string_view where, const JsonRules& rules = {});

/// For text that may be anything, such as a column that another build wrote: null instead of an exception.
nlohmann::json json_or_null(std::string_view text);
nlohmann::ordered_json ordered_json_or_null(std::string_view text);

/// A member of what may be anything; null where there is none. Valid as long as `value`.
const nlohmann::json& member_of(const nlohmann::json& value, const std::string& name);
/// The same of a string; `otherwise` where there is none.
std::string text_member(const nlohmann::json& value, const std::string& name, const std::string& otherwise = "");

/// JSON on one line. Characters beyond ASCII are not escaped; bytes that are not UTF-8 become U+FFFD, since model
/// output may be cut inside a character.
std::string json_text(const nlohmann::json& value);
std::string ordered_json_text(const nlohmann::ordered_json& value);

}  // namespace harness::base
