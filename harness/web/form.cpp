#include "harness/web/form.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace harness::web {
namespace {

constexpr std::size_t kMaxFields = 64;

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Removes and returns what stands before the first `end`, which is removed as well.
std::string_view take_until(std::string_view& text, char end) {
    const std::size_t at = std::min(text.find(end), text.size());
    const std::string_view taken = text.substr(0, at);
    text.remove_prefix(std::min(at + 1, text.size()));
    return taken;
}

std::string_view without_blanks(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

}  // namespace

std::optional<std::string> form_decoded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+') {
            out += ' ';
        } else if (text[i] == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = hex_digit(text[i + 1]);
            const int low = hex_digit(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::optional<Form> Form::parse(std::string_view encoded) {
    Form form;
    while (!encoded.empty()) {
        std::string_view value = take_until(encoded, '&');
        const std::string_view name = take_until(value, '=');
        auto plain_name = form_decoded(name);
        auto plain_value = form_decoded(value);
        if (!plain_name || !plain_value || form.fields_.size() == kMaxFields) return std::nullopt;
        if (!form.fields_.emplace(std::move(*plain_name), std::move(*plain_value)).second) return std::nullopt;
    }
    return form;
}

const std::string& Form::text(const std::string& name) const {
    static const std::string kNone;
    const auto found = fields_.find(name);
    return found == fields_.end() ? kNone : found->second;
}

std::optional<int> Form::number(const std::string& name) const {
    const std::string& digits = text(name);
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    const bool is_whole = error == std::errc() && end == digits.data() + digits.size();
    return is_whole && value >= 0 && value <= 999 ? std::optional(value) : std::nullopt;
}

std::optional<double> Form::seconds(const std::string& name) const {
    const std::string& digits = text(name);
    double value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    const bool is_whole = error == std::errc() && end == digits.data() + digits.size();
    return is_whole && std::isfinite(value) && value >= 0 ? std::optional(value) : std::nullopt;
}

std::string cookie_value(std::string_view header, std::string_view name) {
    std::string found;
    bool is_there = false;
    while (!header.empty()) {
        std::string_view value = take_until(header, ';');
        if (without_blanks(take_until(value, '=')) != name) continue;
        if (is_there) return "";
        is_there = true;
        found = without_blanks(value);
    }
    return found;
}

bool is_hex(std::string_view text, std::size_t digits) {
    return text.size() == digits && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

}  // namespace harness::web
