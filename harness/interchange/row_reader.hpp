#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/interchange/row_fields.hpp"
#include "suites/row.hpp"

namespace harness::interchange {

/// Typed fields of a row of ratings. In tables every cell is text, and an empty cell is not there. A mistake is a
/// std::runtime_error that names the field and has no place.
class RowReader {
public:
    /// The row, an object, must outlive it.
    explicit RowReader(const suites::Row& row) : row_(row) {}

    bool has(std::string_view field) const;

    /// nullopt where the field is absent.
    std::optional<std::string> text(std::string_view field) const;
    std::optional<std::int64_t> whole(std::string_view field) const;
    std::optional<double> number(std::string_view field) const;
    std::optional<bool> flag(std::string_view field) const;

    template <class Value>
    static Value needed(const std::optional<Value>& value, std::string_view field) {
        if (!value) fail_field(field, "is missing");
        return *value;
    }

    const suites::Row& row() const { return row_; }

private:
    const suites::Row* find(std::string_view field) const;

    const suites::Row& row_;
};

/// The conversation of a field: a list of {"role", "content"}, or its JSON as text in a table. Its last turn is the
/// user's. In the form that studies store.
std::string turns_text(const RowReader& row, std::string_view field);

}  // namespace harness::interchange
