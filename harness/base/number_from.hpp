#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace harness::base {

/// The number that a text is from its first to its last character; nullopt where it is something else, or beyond the
/// type's range. `base`: of a whole number, where it is not ten.
template <class Number, class... Base>
std::optional<Number> number_from(std::string_view text, Base... base) {
    Number number = {};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base...);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

}  // namespace harness::base
