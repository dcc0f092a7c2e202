#include "suites/data/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "suites/error.hpp"
#include "suites/json_mistake.hpp"

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

/// The start of a file that is packed or binary, and its format.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kBinary = {
    {{{"\xFD"
       "7zXZ\0",
       6},
      "packed with xz"},
     {{"PK\x03\x04", 4}, "a zip archive"},
     {{"\x28\xB5\x2F\xFD", 4}, "packed with zstd"},
     {{"BZh", 3}, "packed with bzip2"},
     {{"7z\xBC\xAF", 4}, "a 7z archive"},
     {{"PAR1", 4}, "Parquet"}}};

/// UTF-16 or UTF-32, by the first bytes of a text; empty for other encodings.
std::string_view utf_with_zeros(std::string_view text) {
    const std::string_view start = text.substr(0, 4);
    constexpr std::string_view kLittleEndian("\xFF\xFE\0\0", 4);
    constexpr std::string_view kBigEndian("\0\0\xFE\xFF", 4);
    if (start == kLittleEndian || start == kBigEndian || std::count(start.begin(), start.end(), '\0') == 3)
        return "UTF-32";
    // UTF-16 without a byte order mark: every other byte of English text is NUL.
    const bool is_marked = start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF");
    return is_marked || start.substr(0, 2).find('\0') != std::string_view::npos ? "UTF-16" : "";
}

}  // namespace

void check_encoding(std::string_view text) {
    for (const auto& [start, format] : kBinary) {
        if (text.starts_with(start))
            throw SuiteError(fmt::format("the file is {}; unpack it, or save its rows as JSON lines", format));
    }
    if (const std::string_view encoding = utf_with_zeros(text); !encoding.empty())
        throw SuiteError(fmt::format("the file is {0}; save it as UTF-8, as with iconv -f {0} -t UTF-8", encoding));
}

void check_text(std::string_view text) {
    check_encoding(text);
    // The parser would treat a NUL as the end of the text.
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos)
        throw SuiteError(fmt::format("byte {} is NUL, which is not allowed; is the file saved as UTF-8?", nul + 1));
    check_depth(text);
}

std::string reason(const std::exception& error) {
    constexpr int kMissingKey = 403;
    constexpr int kMissingElement = 401;
    const auto* of_json = dynamic_cast<const json::exception*>(&error);
    if (of_json == nullptr) return error.what();
    if (of_json->id == kMissingElement) return "a list is shorter than in this format";
    const std::string_view what = of_json->what();
    if (of_json->id != kMissingKey) return "a field does not have the type that it has in this format";
    const std::size_t start = std::min(what.find('\''), what.size());
    const std::string_view name = what.substr(start, what.rfind('\'') - start + 1);
    return fmt::format("the field {} is missing", in_message(name));
}

json parse_json(std::string_view text) {
    check_text(text);
    try {
        return json::parse(text);
    } catch (const json::exception&) {
        throw SuiteError(json_mistake(text));
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
