#include "harness/base/json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace harness::base {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::size_t kMaxReason = 300;

/// Counts brackets outside strings without recursion, so that memory does not grow with the depth of hostile text.
void check_depth(std::string_view text, std::string_view where, int max_depth) {
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
            if (++depth > max_depth)
                throw JsonError(
                    fmt::format("{}: arrays and objects are nested more than {} levels deep", where, max_depth));
        } else if (one == ']' || one == '}') {
            --depth;
        }
    }
}

void check_encoding(std::string_view text, std::string_view where) {
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
        throw JsonError(fmt::format("{}: is UTF-16; save it as UTF-8", where));
    // The parser treats NUL as the end of the text, whatever follows.
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos)
        throw JsonError(fmt::format("{}: byte {} is NUL; is it saved as UTF-8?", where, nul + 1));
}

/// "line 2, column 9: unexpected '}'; expected string literal" from the library's message.
std::string reason(std::string_view what) {
    if (const std::size_t end = what.find("] "); what.starts_with("[json.exception.") && end != std::string_view::npos)
        what.remove_prefix(end + 2);
    constexpr std::string_view kPlace = "parse error at ";
    std::string place;
    if (what.starts_with(kPlace)) {
        what.remove_prefix(kPlace.size());
        const std::size_t end = what.find(": ");
        place = what.substr(0, end);
        what.remove_prefix(end == std::string_view::npos ? what.size() : end + 2);
    }
    if (const std::size_t end = what.find(" - "); what.starts_with("syntax error") && end != std::string_view::npos)
        what.remove_prefix(end + 3);
    std::size_t length = std::min(what.size(), kMaxReason);
    // Do not cut inside a character.
    while (length < what.size() && length > 0 && (static_cast<unsigned char>(what[length]) & 0xC0U) == 0x80U) --length;
    return fmt::format("{}{}{}{}", place, place.empty() ? "" : ": ", what.substr(0, length),
                       length < what.size() ? "..." : "");
}

/// Tracks the keys of all open objects, so that a duplicate key is noticed before it replaces the first.
template <class Json>
class DuplicateWatch {
public:
    explicit DuplicateWatch(std::string_view where) : where_(where) {}

    bool operator()(int, typename Json::parse_event_t event, Json& value) {
        using Event = typename Json::parse_event_t;
        if (event == Event::object_start) keys_.emplace_back();
        if (event == Event::object_end) keys_.pop_back();
        if (event == Event::key && !keys_.back().insert(value.template get<std::string>()).second)
            throw JsonError(fmt::format("{}: duplicate key {}", where_, value.template get<std::string>()));
        return true;
    }

private:
    std::string_view where_;
    std::vector<std::set<std::string>> keys_;
};

template <class Json>
Json parsed(std::string_view text, std::string_view where, const JsonRules& rules) {
    if (text.size() > rules.max_bytes)
        throw JsonError(
            fmt::format("{}: {} bytes of JSON, more than the limit of {}", where, text.size(), rules.max_bytes));
    check_encoding(text, where);
    check_depth(text, where, rules.max_depth);
    try {
        if (rules.duplicates == DuplicateKeys::LastWins) return Json::parse(text);
        DuplicateWatch<Json> watch(where);
        return Json::parse(text, std::ref(watch));
    } catch (const json::exception& error) {
        throw JsonError(fmt::format("{}: is not JSON: {}", where, reason(error.what())));
    }
}

template <class Json>
Json parsed_or_null(std::string_view text) {
    try {
        return parsed<Json>(text, "", {});
    } catch (const JsonError&) {
        return nullptr;
    }
}

}  // namespace

json parse_json(std::string_view text, std::string_view where, const JsonRules& rules) {
    return parsed<json>(text, where, rules);
}

ordered_json parse_ordered_json(std::string_view text, std::string_view where, const JsonRules& rules) {
    return parsed<ordered_json>(text, where, rules);
}

json json_or_null(std::string_view text) {
    return parsed_or_null<json>(text);
}

ordered_json ordered_json_or_null(std::string_view text) {
    return parsed_or_null<ordered_json>(text);
}

}  // namespace harness::base
