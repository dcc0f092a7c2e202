#include "suites/data/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "suites/error.hpp"

namespace suites::data {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 200;
constexpr std::size_t kMaxShown = 1000;

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
            if (++depth > kMaxDepth)
                throw SuiteError(fmt::format("lists and objects are nested more than {} levels deep", kMaxDepth));
        } else if (one == ']' || one == '}') {
            --depth;
        }
    }
}

template <class Json>
Json parsed_or_null(std::string_view text) {
    try {
        check_text(text);
        Json value = Json::parse(text, nullptr, false);
        return value.is_discarded() ? Json() : value;
    } catch (const SuiteError&) {
        return nullptr;
    }
}

}  // namespace

void check_encoding(std::string_view text) {
    constexpr std::string_view kLittleEndian = "\xFF\xFE";
    constexpr std::string_view kBigEndian = "\xFE\xFF";
    // UTF-16 without a byte order mark: every other byte of English text is NUL.
    const std::string_view start = text.substr(0, 2);
    const bool nul = start.find('\0') != std::string_view::npos;
    if (start == kLittleEndian || start == kBigEndian || nul)
        throw SuiteError("the file is UTF-16; save it as UTF-8, as with iconv -f UTF-16 -t UTF-8");
}

void check_text(std::string_view text) {
    check_encoding(text);
    // The parser would treat a NUL as the end of the text.
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos)
        throw SuiteError(fmt::format("byte {} is NUL, which is not allowed; is the file saved as UTF-8?", nul + 1));
    check_depth(text);
}

std::string reason(const nlohmann::detail::exception& error) {
    std::string_view what = error.what();
    if (const std::size_t end = what.find("] "); what.starts_with("[json.exception.") && end != std::string_view::npos)
        what.remove_prefix(end + 2);
    constexpr std::string_view kWhere = "parse error at ";
    if (what.starts_with(kWhere)) what.remove_prefix(kWhere.size());
    return in_message(what);
}

json parse_json(std::string_view text) {
    check_text(text);
    try {
        return json::parse(text);
    } catch (const json::exception& error) {
        throw SuiteError(reason(error));
    }
}

bool visit_json(std::string_view text, json::json_sax_t& visitor) {
    check_text(text);
    return json::sax_parse(text, &visitor);
}

json json_or_null(std::string_view text) {
    return parsed_or_null<json>(text);
}

nlohmann::ordered_json ordered_json_or_null(std::string_view text) {
    return parsed_or_null<nlohmann::ordered_json>(text);
}

std::string in_message(std::string_view text) {
    std::size_t end = std::min(text.size(), kMaxShown);
    // Do not cut inside a character.
    while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    std::string result;
    for (const char one : text.substr(0, end)) result += one == '\0' ? "\\0" : std::string(1, one);
    return end < text.size() ? result + "..." : result;
}

}  // namespace suites::data
