#include "suites/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "suites/task.hpp"

namespace suites {
namespace {

using nlohmann::json;

constexpr int kDeepest = 200;
constexpr std::size_t kLongest = 1000;

template <class Json>
Json parsed(std::string_view text, const typename Json::parser_callback_t& watch) {
    // The parser takes a NUL for the end of the text, whatever follows.
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos)
        throw SuiteError(fmt::format("byte {} is NUL, which no text has; is it saved as UTF-8?", nul + 1));
    check_depth(text);
    try {
        return Json::parse(text, watch);
    } catch (const json::exception& error) {
        throw SuiteError(reason(error));
    }
}

}  // namespace

void check_depth(std::string_view text) {
    int depth = 0;
    bool quoted = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char one = text[at];
        if (quoted) {
            if (one == '\\') ++at;
            quoted = one != '"';
        } else if (one == '"') {
            quoted = true;
        } else if (one == '[' || one == '{') {
            if (++depth > kDeepest)
                throw SuiteError(fmt::format("lists and objects go more than {} levels deep", kDeepest));
        } else if (one == ']' || one == '}') {
            --depth;
        }
    }
}

std::string reason(const json::exception& error) {
    std::string_view what = error.what();
    if (const std::size_t end = what.find("] "); what.starts_with("[json.exception.") && end != std::string_view::npos)
        what.remove_prefix(end + 2);
    constexpr std::string_view kWhere = "parse error at ";
    if (what.starts_with(kWhere)) what.remove_prefix(kWhere.size());
    return in_message(what);
}

json parse_json(std::string_view text, const json::parser_callback_t& watch) {
    return parsed<json>(text, watch);
}

Row parse_row_json(std::string_view text) {
    return parsed<Row>(text, nullptr);
}

std::string in_message(std::string_view text) {
    std::size_t end = std::min(text.size(), kLongest);
    // Not in the middle of a character.
    while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    std::string result;
    for (const char one : text.substr(0, end)) result += one == '\0' ? "\\0" : std::string(1, one);
    return end < text.size() ? result + "..." : result;
}

}  // namespace suites
