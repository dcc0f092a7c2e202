#include "harness/interchange/row_reader.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "harness/base/json.hpp"
#include "harness/base/number_from.hpp"
#include "harness/interchange/row_fields.hpp"

namespace harness::interchange {

using suites::Row;

const Row* RowReader::find(std::string_view field) const {
    const std::string name(field);
    return has_field(row_, name.c_str()) ? &row_[name] : nullptr;
}

bool RowReader::has(std::string_view field) const {
    return find(field) != nullptr;
}

std::optional<std::string> RowReader::text(std::string_view field) const {
    const Row* value = find(field);
    return value == nullptr ? std::nullopt : std::optional(text_in(*value, field));
}

std::optional<std::int64_t> RowReader::whole(std::string_view field) const {
    const Row* value = find(field);
    if (value == nullptr) return std::nullopt;
    const auto number = base::number_from<std::int64_t>(suites::value_text(*value));
    if (!number)
        fail_field(field, fmt::format("expected an integer, found {}", suites::value_text(*value).substr(0, 60)));
    return number;
}

std::optional<double> RowReader::number(std::string_view field) const {
    const Row* value = find(field);
    if (value == nullptr) return std::nullopt;
    const auto number = base::number_from<double>(suites::value_text(*value));
    if (!number || !std::isfinite(*number))
        fail_field(field, fmt::format("expected a number, found {}", suites::value_text(*value).substr(0, 60)));
    return number;
}

std::optional<bool> RowReader::flag(std::string_view field) const {
    const Row* value = find(field);
    if (value == nullptr) return std::nullopt;
    const std::string text = suites::value_text(*value);
    if (text != "true" && text != "false")
        fail_field(field, fmt::format("expected true or false, found {}", text.substr(0, 60)));
    return text == "true";
}

std::string turns_text(const RowReader& row, std::string_view field) {
    if (!row.has(field)) fail_field(field, "is missing");
    Row list = row.row()[std::string(field)];
    if (list.is_string()) list = base::ordered_json_or_null(list.get_ref<const std::string&>());
    return turns_json(turns_in(list));
}

}  // namespace harness::interchange
