#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "harness/base/usage_error.hpp"

/// The only place in the harness where text becomes JSON (suites has its own for task files and rows of data).
namespace harness::base {

/// The text is not JSON, or breaks a rule. The message has the place, line and column, and no library's words around
/// it.
class JsonError : public UsageError {
public:
    using UsageError::UsageError;
};

enum class DuplicateKeys {
    LastWins,  ///< as Python reads them: at the place of the first key, with the value of the last
    Refused,
};

struct JsonRules {
    int max_depth = 200;  ///< copying, comparing and printing a value recurse as deep as it is nested
    std::size_t max_bytes = std::size_t{1} << 30;
    DuplicateKeys duplicates = DuplicateKeys::LastWins;
};

/// `where` stands before the message: a file, a row, a field. Throws JsonError.
nlohmann::json parse_json(std::string_view text, std::string_view where, const JsonRules& rules = {});
/// The same with keys in the order of the text.
nlohmann::ordered_json parse_ordered_json(std::string_view text, std::string_view where, const JsonRules& rules = {});

/// For text that may be anything, such as a column that another build wrote: null where parse_json would throw.
nlohmann::json json_or_null(std::string_view text);
nlohmann::ordered_json ordered_json_or_null(std::string_view text);

}  // namespace harness::base
