#include "harness/cli/terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "harness/base/number_from.hpp"

namespace harness::cli {
namespace {

constexpr std::size_t kMinWidth = 20;
constexpr std::size_t kMaxWidth = 1000;

std::string_view environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view() : std::string_view(value);
}

std::size_t within_limits(std::size_t columns) {
    return std::clamp(columns, kMinWidth, kMaxWidth);
}

int descriptor(Stream stream) {
    return stream == Stream::Output ? STDOUT_FILENO : STDERR_FILENO;
}

}  // namespace

bool is_terminal(Stream stream) {
    const std::string_view kind = environment("TERM");
    return ::isatty(descriptor(stream)) == 1 && !kind.empty() && kind != "dumb";
}

std::optional<std::size_t> terminal_width(Stream stream) {
    const auto columns = base::number_from<std::size_t>(environment("COLUMNS"));
    if (columns && *columns > 0) return within_limits(*columns);
    winsize size = {};
    const int at = descriptor(stream);
    if (::isatty(at) == 1 && ::ioctl(at, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return within_limits(size.ws_col);
    return std::nullopt;
}

std::size_t table_width(std::size_t plain) {
    return terminal_width(Stream::Output).value_or(plain);
}

std::string styled(std::string_view text, Style style, Stream stream) {
    if (!is_terminal(stream) || !environment("NO_COLOR").empty()) return std::string(text);
    const char* code = "1";
    switch (style) {
        case Style::Bold: break;
        case Style::Red: code = "31"; break;
        case Style::Green: code = "32"; break;
        case Style::Yellow: code = "33"; break;
    }
    return fmt::format("\033[{}m{}\033[0m", code, text);
}

}  // namespace harness::cli
