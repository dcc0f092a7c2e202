#pragma once

#include <fmt/format.h>

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// The only place where the command line prints. Names, texts and messages come from databases, task files and models
/// that may be hostile: every string argument is made visible first, so that no control character reaches a terminal.
namespace harness::cli {

/// Where the output is no terminal: the width of sentences and of narrow tables, and that of wide tables.
constexpr std::size_t kPlainColumns = 100;
constexpr std::size_t kWideColumns = 120;

/// Text of several lines; line breaks are printed as they are.
struct Block {
    std::string_view text;
};

/// Text whose untrusted parts have been made visible already, and which may contain the escape sequences of `styled`.
struct Trusted {
    std::string_view text;
};

/// One line without control characters: reports::text::visible.
std::string visible_line(std::string_view text);
/// Each made visible, one per line.
std::string visible_lines(const std::vector<std::string>& lines);
/// Like visible_line, for several lines.
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

/// Prints a format such as "{}: {} items" with its arguments to standard output.
template <class... Values>
void print(fmt::format_string<detail::Shown<Values>...> format, const Values&... values) {
    detail::write(stdout, fmt::format(format, detail::shown(values)...));
}

/// Like `print`, to standard error.
template <class... Values>
void print_error(fmt::format_string<detail::Shown<Values>...> format, const Values&... values) {
    detail::write(stderr, fmt::format(format, detail::shown(values)...));
}

/// Prints a value as by base::json_text(), safe for a terminal: control characters beyond ASCII are written as \u009b.
void print_json(const nlohmann::json& value);
void print_ordered_json(const nlohmann::ordered_json& value);
/// Prints rendered JSON in the same way.
void print_json_text(std::string_view json);

/// Prints `styled` text and rendered reports unchanged.
void print_trusted(std::string_view text);

}  // namespace harness::cli
