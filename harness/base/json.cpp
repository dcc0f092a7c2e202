#include "harness/base/json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "suites/json_mistake.hpp"

namespace harness::base {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

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
    constexpr std::string_view kLittleEndian32("\xFF\xFE\0\0", 4);
    constexpr std::string_view kBigEndian32("\0\0\xFE\xFF", 4);
    if (text.starts_with(kLittleEndian32) || text.starts_with(kBigEndian32))
        throw JsonError(fmt::format("{}: is UTF-32; save it as UTF-8", where));
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
        throw JsonError(fmt::format("{}: is UTF-16; save it as UTF-8", where));
    // The parser treats NUL as the end of the text, whatever follows.
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos)
        throw JsonError(fmt::format("{}: byte {} is NUL; is it saved as UTF-8?", where, nul + 1));
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
    } catch (const json::exception&) {
        throw JsonError(fmt::format("{}: is not JSON: {}", where, suites::json_mistake(text)));
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

const json& member_of(const json& value, const std::string& name) {
    static const json kNull;
    const auto found = value.find(name);
    return found == value.end() ? kNull : *found;
}

std::string text_member(const json& value, const std::string& name, const std::string& otherwise) {
    const json& member = member_of(value, name);
    return member.is_string() ? member.get<std::string>() : otherwise;
}

std::string json_text(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string ordered_json_text(const ordered_json& value) {
    return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace harness::base
