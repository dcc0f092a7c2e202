#include "harness/base/json_append.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "harness/base/json.hpp"
#include "suites/text.hpp"

namespace harness::base {
namespace {

constexpr unsigned char kFirstPlain = 0x20;
constexpr unsigned char kFirstNotAscii = 0x80;

// Objects and not functions, so that they are inlined: they are called for every byte.
constexpr auto kIsPlain = [](char c) { return static_cast<unsigned char>(c) >= kFirstPlain && c != '"' && c != '\\'; };
constexpr auto kIsAscii = [](char c) { return static_cast<unsigned char>(c) < kFirstNotAscii; };

/// Decodes only what is not ASCII.
bool is_utf8(std::string_view text) {
    for (auto at = text.begin(); at != text.end();) {
        const auto from = std::find_if_not(at, text.end(), kIsAscii);
        at = std::find_if(from, text.end(), kIsAscii);
        if (from != at && !suites::is_utf8(std::string_view(from, at))) return false;
    }
    return true;
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
    if (!is_utf8(text)) {
        out += json_text(std::string(text));  // replaces what is not UTF-8
        return;
    }
    out += '"';
    for (auto from = text.begin(); from != text.end();) {
        const auto to = std::find_if_not(from, text.end(), kIsPlain);
        out.append(from, to);
        if (to == text.end()) break;
        append_escape(out, *to);
        from = std::next(to);
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
