#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "suites/row.hpp"

namespace harness::interchange {

/// Typed fields of a row of ratings. In tables every cell is text, and an empty cell is not there. A mistake is a
/// std::runtime_error that names the field and has no place.
class RowReader {
public:
    /// The row must outlive it. Throws when it is no object.
    explicit RowReader(const suites::Row& row);

    bool has(std::string_view field) const;
    [[noreturn]] static void fail(std::string_view field, std::string_view reason);

    /// nullopt where the field is absent.
    std::optional<std::string> text(std::string_view field) const;
    std::optional<std::int64_t> whole(std::string_view field) const;
    std::optional<double> number(std::string_view field) const;
    std::optional<bool> flag(std::string_view field) const;

    template <class Value>
    static Value needed(const std::optional<Value>& value, std::string_view field) {
        if (!value) fail(field, "is missing");
        return *value;
    }

    const suites::Row& row() const { return row_; }

private:
    const suites::Row* find(std::string_view field) const;

    const suites::Row& row_;
};

/// The rows of a file of JSON lines, a JSON list, CSV or TSV, each read with `read`, which throws std::runtime_error
/// for a mistake. Throws InterchangeError with every mistake, at most 20, each with file and row; also for a file
/// without rows.
void read_rows(std::string_view text, const std::string& path, const std::function<void(const RowReader& row)>& read);

/// The conversation of a field: a list of {"role", "content"}, or its JSON as text in a table. Its last turn is the
/// user's. In the form that studies store.
std::string turns_text(const RowReader& row, std::string_view field);

}  // namespace harness::interchange
