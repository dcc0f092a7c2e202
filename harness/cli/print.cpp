#include "harness/cli/print.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "harness/base/json.hpp"
#include "harness/cli/print_json_part.hpp"
#include "reports/text/plain_text.hpp"

namespace harness::cli {
namespace {

/// The length of the control character beyond ASCII at `at`, and its code: DEL, C1 controls, and marks that change the
/// direction of text. 0 for other characters.
std::size_t control_at(std::string_view text, std::size_t at, unsigned& code) {
    const auto byte = [&](std::size_t i) {
        return at + i < text.size() ? static_cast<unsigned>(static_cast<unsigned char>(text[at + i])) : 0U;
    };
    if (byte(0) == 0x7F) {
        code = 0x7F;
        return 1;
    }
    if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) < 0xA0) {
        code = byte(1);
        return 2;
    }
    if (byte(0) != 0xE2) return 0;
    code = 0x2000 + ((byte(1) & 0x3F) << 6) + (byte(2) & 0x3F);
    const bool turns =
        code == 0x200E || code == 0x200F || (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
    return turns ? 3 : 0;
}

std::string without_controls(std::string_view printed) {
    std::string text;
    for (std::size_t at = 0; at < printed.size();) {
        unsigned code = 0;
        const std::size_t length = control_at(printed, at, code);
        if (length == 0) {
            text += printed[at++];
        } else {
            text += fmt::format("\\u{:04x}", code);
            at += length;
        }
    }
    return text;
}

}  // namespace

std::string visible_line(std::string_view text) {
    return reports::text::visible(text, reports::text::Lines::Escape);
}

std::string visible_lines(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + visible_line(line);
    return text;
}

std::string visible_block(std::string_view text) {
    return reports::text::visible(text, reports::text::Lines::Keep);
}

void detail::write(std::FILE* stream, std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stream);
}

void print_json(const nlohmann::json& value) {
    print_json_text(base::json_text(value));
}

void print_ordered_json(const nlohmann::ordered_json& value) {
    print_json_text(base::ordered_json_text(value));
}

void print_json_text(std::string_view json) {
    print_json_part(json);
    print_trusted("\n");
}

void print_json_part(std::string_view json) {
    print_trusted(without_controls(json));
}

void print_trusted(std::string_view text) {
    detail::write(stdout, text);
}

}  // namespace harness::cli
