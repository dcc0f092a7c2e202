#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace harness::interchange {

/// How numbers are written: as nlohmann's library does, or as Python where a row has a number whose digits a double
/// loses (suites/row.hpp).
enum class Numbers { AsJson, AsPython };

/// AsPython when any number in the row is kept as text.
Numbers numbers_of(const nlohmann::ordered_json& row);

/// Appends compact JSON, several times as fast as the libraries' dump() and with its bytes, or with those of
/// suites::row_text().
void append(std::string& out, const nlohmann::ordered_json& value, Numbers numbers);

/// The members of an object. Its items() make a string for each step.
const std::vector<std::pair<const std::string, nlohmann::ordered_json>>& members_of(
    const nlohmann::ordered_json& object);

/// A JSON list or object while it is written.
class JsonList {
public:
    /// The brackets.
    JsonList(char begin, char end) : end_(end) { text_ += begin; }

    /// Where the next value is to be appended.
    std::string& next();
    std::string& member(std::string_view key);
    std::string text() const { return text_ + end_; }

private:
    std::string text_;
    char end_;
    bool is_first_ = true;
};

}  // namespace harness::interchange
