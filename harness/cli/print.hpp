#pragma once

#include <fmt/format.h>

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <type_traits>

/// The only place where the command line prints. Names, texts and messages come from databases, task files and models
/// that may mean harm: every string among the arguments is made visible on its way, so that no control character
/// reaches a terminal.
namespace harness::cli {

/// Text of several lines, which keep their ends.
struct Block {
    std::string_view text;
};

/// Text whose foreign parts are visible already, and which may hold the escape sequences of `styled`.
struct Trusted {
    std::string_view text;
};

/// One line without control characters: reports::text::visible.
std::string visible_line(std::string_view text);
/// The same for a block of text.
std::string visible_block(std::string_view text);

namespace detail {

template <class Value>
decltype(auto) shown(const Value& value) {
    if constexpr (std::is_same_v<Value, Block>) {
        return visible_block(value.text);
    } else if constexpr (std::is_same_v<Value, Trusted>) {
        return std::string(value.text);
    } else if constexpr (std::is_convertible_v<const Value&, std::string_view>) {
        return visible_line(value);
    } else {
        static_assert(std::is_arithmetic_v<Value>, "a string, a number, Block or Trusted");
        return Value(value);
    }
}

template <class Value>
using Shown = decltype(shown(std::declval<const Value&>()));

void write(std::FILE* stream, std::string_view text);

}  // namespace detail

/// "{}: {} items" with its arguments, to standard output.
template <class... Values>
void print(fmt::format_string<detail::Shown<Values>...> format, const Values&... values) {
    detail::write(stdout, fmt::format(format, detail::shown(values)...));
}

/// The same to standard error.
template <class... Values>
void print_error(fmt::format_string<detail::Shown<Values>...> format, const Values&... values) {
    detail::write(stderr, fmt::format(format, detail::shown(values)...));
}

/// JSON on one line, with every character of its strings as it is but bytes that are not UTF-8, which become U+FFFD,
/// since model output may be cut inside a character.
std::string json_line(const nlohmann::json& value);

/// The same to standard output for a person's eyes too: controls beyond ASCII, which a terminal would obey, are written
/// as \u009b.
void print_json(const nlohmann::json& value);
void print_ordered_json(const nlohmann::ordered_json& value);
/// JSON that is rendered already, in the same way.
void print_json_text(std::string_view json);

/// What `styled` text and rendered reports consist of, as it is.
void print_trusted(std::string_view text);

}  // namespace harness::cli
