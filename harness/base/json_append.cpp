#include "harness/base/json_append.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <iterator>
#include <nlohmann/json.hpp>

#include "harness/base/json.hpp"
#include "suites/text.hpp"

namespace harness::base {
namespace {

constexpr unsigned char kFirstPlain = 0x20;
constexpr unsigned char kFirstNotAscii = 0x80;
constexpr std::uint64_t kEach = 0x0101010101010101;  ///< times a byte: that byte eight times
constexpr std::uint64_t kHighBits = 0x80 * kEach;

bool is_ascii(char c) {
    return static_cast<unsigned char>(c) < kFirstNotAscii;
}

/// Whether a byte is written as it is, and is a whole character.
bool is_plain(char c) {
    return static_cast<unsigned char>(c) >= kFirstPlain && c != '"' && c != '\\' && is_ascii(c);
}

/// Non-zero if a byte of the word is less than `limit`, which is at most 0x80. Never zero by mistake.
std::uint64_t any_less(std::uint64_t word, std::uint64_t limit) {
    return (word - limit * kEach) & ~word & kHighBits;
}

/// Whether all of eight bytes are plain.
bool are_plain(const char* bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return ((word & kHighBits) | any_less(word, kFirstPlain) | any_less(word ^ ('"' * kEach), 1) |
            any_less(word ^ ('\\' * kEach), 1)) == 0;
}

/// The first place from `at` on whose byte is not plain. Eight bytes at a time: texts of items are long.
std::size_t end_of_plain(std::string_view text, std::size_t at) {
    while (at + sizeof(std::uint64_t) <= text.size() && are_plain(&text[at])) at += sizeof(std::uint64_t);
    while (at < text.size() && is_plain(text[at])) ++at;
    return at;
}

std::size_t end_of_not_ascii(std::string_view text, std::size_t at) {
    while (at < text.size() && !is_ascii(text[at])) ++at;
    return at;
}

void append_escape(std::string& out, char c) {
    switch (c) {
        case '"': out += "\\\""; return;
        case '\\': out += "\\\\"; return;
        case '\b': out += "\\b"; return;
        case '\f': out += "\\f"; return;
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        default: fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
    }
}

}  // namespace

void append_json(std::string& out, std::string_view text) {
    const std::size_t start = out.size();
    out += '"';
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t from = at;
        at = end_of_plain(text, at);
        out.append(text, from, at - from);
        if (at == text.size()) break;
        if (is_ascii(text[at])) {
            append_escape(out, text[at++]);
            continue;
        }
        const std::size_t end = end_of_not_ascii(text, at);
        if (!suites::is_utf8(text.substr(at, end - at))) {
            out.resize(start);
            out += json_text(std::string(text));  // replaces what is not UTF-8
            return;
        }
        out.append(text, at, end - at);
        at = end;
    }
    out += '"';
}

void append_json(std::string& out, double value) {
    out += nlohmann::json(value).dump();
}

void append_json(std::string& out, const std::optional<double>& value) {
    if (value) {
        append_json(out, *value);
    } else {
        out += "null";
    }
}

}  // namespace harness::base
