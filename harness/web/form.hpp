#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace harness::web {

/// The fields of a form, as browsers encode them (application/x-www-form-urlencoded).
class Form {
public:
    /// nullopt: more than 64 fields, a field twice, or a bad escape. Browsers send none of that for our pages.
    static std::optional<Form> parse(std::string_view encoded);

    /// Empty when the form lacks it.
    const std::string& text(const std::string& name) const;
    bool has(const std::string& name) const { return fields_.contains(name); }
    /// nullopt: missing, or not a number from 0 to 999.
    std::optional<int> number(const std::string& name) const;
    /// nullopt: missing, not a finite number, or negative.
    std::optional<double> seconds(const std::string& name) const;

private:
    std::map<std::string, std::string> fields_;
};

/// "a%20b+c" as "a b c"; nullopt for a bad escape.
std::optional<std::string> form_decoded(std::string_view text);

/// A cookie of a Cookie header; empty when it is missing, or there twice (another site on a neighbouring host may have
/// set one of them).
std::string cookie_value(std::string_view header, std::string_view name);

/// Whether `text` is `digits` lower-case hexadecimal digits, as tokens and ids are.
bool is_hex(std::string_view text, std::size_t digits);

}  // namespace harness::web
