#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "suites/row.hpp"
#include "suites/transforms/registry.hpp"

namespace suites::definition {

/// Where a value stands in a row, and through which text transforms it goes: `choices.text`, `answers.0|strip`. Numbers
/// index lists. Every member throws SuiteError with the reason alone; the caller knows file and row.
class FieldPath {
public:
    static FieldPath parse(std::string_view text);

    const Row& value(const Row& row) const;
    /// Texts as they are, all else as compact JSON; then the transforms.
    std::string text(const Row& row) const;
    /// The elements of a list, each as by `text`. Throws when the value is no list.
    std::vector<std::string> texts(const Row& row) const;
    /// The same of a part of what stands there.
    std::string text_of(const Row& value) const { return transformed(value); }
    /// As it was written.
    const std::string& written() const { return written_; }

private:
    std::string transformed(const Row& value) const;

    std::string written_;
    std::vector<std::string> keys_;
    std::vector<transforms::TextTransform> transforms_;
};

/// Text with values between double braces. Values are inserted as they are and never read as templates.
class Template {
public:
    Template() = default;
    /// Throws SuiteError with the reason alone.
    static Template parse(std::string_view form);

    /// Throws SuiteError for a missing field or more than 16 MiB of text.
    std::string fill(const Row& row) const;
    /// Where the last value of this field ends in the filled text; 0 when the template has none. Throws as `fill` does.
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
