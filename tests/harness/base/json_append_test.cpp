#include "harness/base/json_append.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "harness/base/json.hpp"

using harness::base::append_json;

namespace {

std::string appended(const auto& value) {
    std::string text;
    append_json(text, value);
    return text;
}

/// The same by the library.
std::string dumped(const std::string& text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

TEST_SUITE("harness.base") {
    TEST_CASE("a string is written with the bytes of the JSON library whatever its bytes") {
        for (const char* before : {"", "caf\xC3\xA9 ", "\xE2\x82"}) {
            for (int first = 0; first < 256; ++first) {
                for (const int second :
                     {0x00, 0x22, 0x5C, 0x61, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC3, 0xFF}) {
                    const std::string text = std::string(before) + static_cast<char>(first) + static_cast<char>(second);
                    CAPTURE(first);
                    CAPTURE(second);
                    CHECK(appended(std::string_view(text)) == dumped(text));
                    CHECK(appended(std::string_view(text + "\x80\x80z")) == dumped(text + "\x80\x80z"));
                }
            }
        }
        CHECK(appended(std::string_view()) == "\"\"");
    }

    TEST_CASE("a character that JSON escapes is found wherever it stands in a long string") {
        for (std::size_t place = 0; place < 18; ++place) {
            for (const int special : {0x00, 0x1F, 0x22, 0x5C, 0x7F, 0x80, 0xE9, 0xFF}) {
                std::string text = "!aZ~ []^#{|}09_xyz";
                text[place] = static_cast<char>(special);
                CAPTURE(place);
                CAPTURE(special);
                CHECK(appended(std::string_view(text)) == dumped(text));
            }
        }
    }

    TEST_CASE("a number is written as JSON and a missing or infinite one as null") {
        CHECK(appended(1.0) == "1.0");
        CHECK(appended(-0.1) == "-0.1");
        CHECK(appended(1e300) == "1e+300");
        CHECK(appended(std::numeric_limits<double>::infinity()) == "null");
        CHECK(appended(std::optional<double>()) == "null");
        CHECK(appended(std::optional<double>(0.5)) == "0.5");
    }
}
