#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "tests/harness/cli/call.hpp"

/// A title, a colour, a C1 introducer as one byte and as two, a change of direction, a carriage return, a bell, DEL and
/// an invisible character, which a terminal would obey or hide.
inline const std::string kHostile =
    "\x1b]0;OWNED\x07\x1b[31m\x9b"
    "2J\xC2\x9b"
    "2J\xE2\x80\xAE\rX\x7f\xE2\x80\x8B\b";

/// The index of the first byte that a terminal could obey instead of show; -1 if there is none.
inline std::ptrdiff_t first_control(const std::string& text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = [&](std::size_t i) {
            return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
        };
        const bool is_control = (byte(0) < 0x20 && text[at] != '\n' && text[at] != '\t') || byte(0) == 0x7F;
        const bool is_c1 = byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) < 0xA0;
        const bool is_stray =
            byte(0) >= 0x80 && byte(0) < 0xC0 && (at == 0 || static_cast<unsigned char>(text[at - 1]) < 0x80);
        const bool turns = byte(0) == 0xE2 && byte(1) == 0x80 && byte(2) >= 0xAA && byte(2) <= 0xAE;
        if (is_control || is_c1 || is_stray || turns) return static_cast<std::ptrdiff_t>(at);
    }
    return -1;
}

inline void check_harmless(const Result& result) {
    CHECK(result.code >= 0);
    CHECK(result.code <= 3);
    for (const std::string& text : {result.out, result.err}) {
        const std::ptrdiff_t at = first_control(text);
        INFO("before the control byte: ",
             at < 0 ? ""
                    : text.substr(static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, at - 60)),
                                  static_cast<std::size_t>(std::min<std::ptrdiff_t>(at, 60))));
        CHECK(at == -1);
    }
}

inline void check_json(const Result& result) {
    if (result.code != 0) return;
    std::istringstream lines(result.out);
    bool whole = nlohmann::json::accept(result.out);
    for (std::string line; !whole && std::getline(lines, line);) CHECK(nlohmann::json::accept(line));
    CHECK(first_control(result.out) == -1);
}
