#include "harness/cli/terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <optional>

#include "reports/formats/table_text.hpp"

namespace harness::cli {
namespace {

constexpr std::size_t kPlainWidth = 100;
constexpr std::size_t kMinWidth = 20;
constexpr std::size_t kMaxWidth = 1000;

std::string_view environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view() : std::string_view(value);
}

std::size_t within_limits(std::size_t columns) {
    return columns < kMinWidth ? kMinWidth : columns > kMaxWidth ? kMaxWidth : columns;
}

/// $COLUMNS, or the terminal's; none where standard output is neither.
std::optional<std::size_t> known_width() {
    const std::string_view named = environment("COLUMNS");
    std::size_t columns = 0;
    const auto [end, error] = std::from_chars(named.data(), named.data() + named.size(), columns);
    if (error == std::errc() && end == named.data() + named.size() && columns > 0) return within_limits(columns);
    winsize size = {};
    if (::isatty(STDOUT_FILENO) == 1 && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return within_limits(size.ws_col);
    return std::nullopt;
}

}  // namespace

std::size_t terminal_width() {
    return known_width().value_or(kPlainWidth);
}

std::size_t table_width() {
    return known_width().value_or(reports::formats::kUnlimited);
}

bool colours_welcome() {
    const std::string_view terminal = environment("TERM");
    return ::isatty(STDOUT_FILENO) == 1 && environment("NO_COLOR").empty() && !terminal.empty() && terminal != "dumb";
}

std::string styled(std::string_view text, Style style) {
    if (!colours_welcome()) return std::string(text);
    const char* code = style == Style::Bold ? "1" : style == Style::Green ? "32" : style == Style::Red ? "31" : "33";
    return fmt::format("\033[{}m{}\033[0m", code, text);
}

}  // namespace harness::cli
