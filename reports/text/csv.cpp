#include "reports/text/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "reports/text/utf8.hpp"

namespace reports::text {
namespace {

constexpr std::string_view kFormulas = "=+-@\t\r";

/// Whether a spreadsheet could read the text as a formula, apostrophes at its start aside.
bool begins_as_formula(std::string_view text) {
    const std::size_t start = text.find_first_not_of('\'');
    return start != std::string_view::npos && kFormulas.find(text[start]) != std::string_view::npos;
}

/// "-1.5" and "+3e4": a spreadsheet reads a number, and nothing else. Hexadecimal digits and names are texts.
bool is_number(std::string_view text) {
    if (text.find_first_not_of("+-.0123456789eE") != std::string_view::npos) return false;
    const std::string copy(text);
    char* end = nullptr;
    std::strtod(copy.c_str(), &end);
    return end != copy.c_str() && *end == '\0';
}

/// Whether a cell with this character needs quotes.
bool separates(char one) {
    return one == ',' || one == '"' || one == '\r' || one == '\n' || one == '\t';
}

}  // namespace

std::string csv_text(std::string_view text) {
    std::string cell = begins_as_formula(text) && !is_number(text) ? "'" : "";
    cell += valid_utf8(text);
    if (std::none_of(cell.begin(), cell.end(), separates)) return cell;
    std::string quoted = "\"";
    quoted.reserve(cell.size() + 2);
    std::size_t at = 0;
    for (std::size_t quote = cell.find('"'); quote != std::string::npos; quote = cell.find('"', at)) {
        quoted.append(cell, at, quote + 1 - at);
        quoted += '"';
        at = quote + 1;
    }
    return quoted.append(cell, at) + '"';
}

std::string csv_original(std::string_view cell) {
    if (cell.starts_with('\'') && begins_as_formula(cell)) cell.remove_prefix(1);
    return std::string(cell);
}

std::string csv_number(double number) {
    return std::isfinite(number) ? fmt::format("{}", number) : "";
}

std::string csv_line(const std::vector<std::string>& cells) {
    return fmt::format("{}\r\n", fmt::join(cells, ","));
}

}  // namespace reports::text
