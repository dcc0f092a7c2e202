#include "harness/interchange/row_reader.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "harness/base/json.hpp"
#include "harness/interchange/error.hpp"
#include "suites/error.hpp"
#include "suites/text.hpp"

namespace harness::interchange {

using nlohmann::ordered_json;
using suites::Row;

namespace {

constexpr std::size_t kMaxMistakes = 20;

/// The number that a whole text is.
template <class Number>
std::optional<Number> number_of(const std::string& text) {
    Number number = {};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::string text_of(const Row& value) {
    return value.is_string() ? value.get<std::string>() : suites::row_text(value);
}

}  // namespace

RowReader::RowReader(const Row& row) : row_(row) {
    if (!row.is_object()) throw std::runtime_error("expected an object with fields");
}

const Row* RowReader::find(std::string_view field) const {
    const auto found = row_.find(std::string(field));
    if (found == row_.end() || found->is_null() || *found == "") return nullptr;
    return &*found;
}

bool RowReader::has(std::string_view field) const {
    return find(field) != nullptr;
}

void RowReader::fail(std::string_view field, std::string_view reason) {
    throw std::runtime_error(fmt::format("field \"{}\": {}", field, reason));
}

std::optional<std::string> RowReader::text(std::string_view field) const {
    const Row* value = find(field);
    if (value == nullptr) return std::nullopt;
    if (!value->is_string()) fail(field, "must be a string");
    if (!suites::is_utf8(value->get_ref<const std::string&>()))
        fail(field, "is not UTF-8; convert the file, as with iconv");
    return value->get<std::string>();
}

std::optional<std::int64_t> RowReader::whole(std::string_view field) const {
    const Row* value = find(field);
    if (value == nullptr) return std::nullopt;
    const auto number = number_of<std::int64_t>(text_of(*value));
    if (!number) fail(field, fmt::format("expected an integer, found {}", text_of(*value).substr(0, 60)));
    return number;
}

std::optional<double> RowReader::number(std::string_view field) const {
    const Row* value = find(field);
    if (value == nullptr) return std::nullopt;
    const auto number = number_of<double>(text_of(*value));
    if (!number || !std::isfinite(*number))
        fail(field, fmt::format("expected a number, found {}", text_of(*value).substr(0, 60)));
    return number;
}

std::optional<bool> RowReader::flag(std::string_view field) const {
    const Row* value = find(field);
    if (value == nullptr) return std::nullopt;
    const std::string text = text_of(*value);
    if (text != "true" && text != "false")
        fail(field, fmt::format("expected true or false, found {}", text.substr(0, 60)));
    return text == "true";
}

void read_rows(std::string_view text, const std::string& path, const std::function<void(const RowReader& row)>& read) {
    std::vector<Row> rows;
    try {
        rows = suites::parse_data_file(text, path);
    } catch (const suites::SuiteError& error) {
        throw InterchangeError(error.what());
    }
    std::vector<std::string> mistakes;
    if (rows.empty()) mistakes.push_back(path + ": has no rows");
    for (std::size_t i = 0; i < rows.size() && mistakes.size() < kMaxMistakes; ++i) {
        try {
            read(RowReader(rows[i]));
        } catch (const std::runtime_error& error) {
            mistakes.push_back(fmt::format("{}: row {}: {}", path, i + 1, error.what()));
        }
    }
    if (!mistakes.empty()) throw InterchangeError(fmt::format("{}", fmt::join(mistakes, "\n")));
}

std::string turns_text(const RowReader& row, std::string_view field) {
    if (!row.has(field)) RowReader::fail(field, "is missing");
    const Row& value = row.row()[std::string(field)];
    const ordered_json list =
        value.is_string() ? base::ordered_json_or_null(value.get_ref<const std::string&>()) : ordered_json(value);
    if (!list.is_array() || list.empty()) RowReader::fail(field, "must be a list of turns");
    ordered_json turns = ordered_json::array();
    for (const ordered_json& turn : list) {
        const bool is_turn = turn.is_object() && turn.contains("role") && turn["role"].is_string() &&
                             turn.contains("content") && turn["content"].is_string();
        if (!is_turn) RowReader::fail(field, "each turn must be an object with \"role\" and \"content\"");
        const std::string& role = turn["role"].get_ref<const std::string&>();
        if (role != "system" && role != "user" && role != "assistant")
            RowReader::fail(field, fmt::format("unknown role '{}'; known: system, user, assistant", role));
        turns.push_back({{"role", role}, {"content", turn["content"]}});
    }
    if (turns.back()["role"] != "user") RowReader::fail(field, "must end with a turn of the user");
    return turns.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace harness::interchange
