#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "suites/row.hpp"
#include "suites/transforms/registry.hpp"

namespace suites::definition {

/// Path of a value in a row, with text transforms applied to it: `choices.text`, `answers.0|strip`. Numbers index
/// lists. All functions throw SuiteError with only the reason; the caller adds file and row.
class FieldPath {
public:
    static FieldPath parse(std::string_view text);

    const Row& value(const Row& row) const;
    /// The value as text (strings unchanged, other values as compact JSON), then the transforms.
    std::string text(const Row& row) const;
    /// The elements of a list, each converted as by `text`. Throws when the value is not a list.
    std::vector<std::string> texts(const Row& row) const;
    /// Converts `value`, a part of the value at this path, in the same way.
    std::string text_of(const Row& value) const { return transformed(value); }
    /// The path as written in the task file.
    const std::string& written() const { return written_; }

private:
    std::string transformed(const Row& value) const;

    std::string written_;
    std::vector<std::string> keys_;
    std::vector<transforms::TextTransform> transforms_;
};

/// Text with values in double braces. Values are inserted unchanged and never parsed as templates.
class Template {
public:
    Template() = default;
    /// Throws SuiteError with only the reason.
    static Template parse(std::string_view form);

    /// Throws SuiteError for a missing field or more than 16 MiB of text.
    std::string fill(const Row& row) const;
    /// Byte position in the filled text at which the last value of this field ends; 0 when the template does not use
    /// the field. Throws as `fill` does.
    std::size_t end_of(std::string_view field, const Row& row) const;
    bool empty() const { return parts_.empty() && tail_.empty(); }
    bool has_values() const { return !parts_.empty(); }

private:
    struct Part {
        std::string before;  ///< the text up to the value
        FieldPath value;
    };
    std::vector<Part> parts_;
    std::string tail_;
};

}  // namespace suites::definition
