#include "suites/json_mistake.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>

using suites::json_mistake;

TEST_SUITE("suites.json_mistake") {
    TEST_CASE("the first mistake has its place and what was found and expected") {
        CHECK(json_mistake("{\"a\": 1,\n }") == "line 2, column 2: found '}', expected a key in double quotes");
        CHECK(json_mistake("{a: 1}") == "line 1, column 2: found 'a', expected a key in double quotes or '}'");
        CHECK(json_mistake(R"({"a" 1})") == "line 1, column 6: found '1', expected ':' after the key");
        CHECK(json_mistake(R"({"a": 1)") == "line 1, column 8: the text ends, expected ',' or '}'");
        CHECK(json_mistake("[1 2]") == "line 1, column 4: found '2', expected ',' or ']'");
        CHECK(json_mistake("[") == "line 1, column 2: the text ends, expected a value or ']'");
        CHECK(json_mistake("[1] x") ==
              "line 1, column 5: found 'x', expected the end, as the value before it is complete");
        CHECK(json_mistake("[1,]").starts_with("line 1, column 4: found ']', expected a value: an object, an array"));
        CHECK(json_mistake("").starts_with("line 1, column 1: the text ends, expected a value"));
        CHECK(json_mistake("nul").starts_with("line 1, column 1: found 'nul', expected a value"));
        CHECK(json_mistake("{\"a\": None}") == "line 1, column 7: found 'None', which is Python; JSON has null");
    }

    TEST_CASE("mistakes in numbers and strings are named") {
        CHECK(json_mistake("-") == "line 1, column 2: the text ends, expected a digit");
        CHECK(json_mistake("[1.x]") == "line 1, column 4: found 'x', expected a digit");
        CHECK(json_mistake("[01]") == "line 1, column 2: a number does not begin with 0");
        CHECK(json_mistake("1e999") == "line 1, column 1: the number 1e999 is too large; the largest is 1.8e308");
        CHECK(json_mistake("[\"abc]") == "line 1, column 2: the string that begins here does not end");
        CHECK(json_mistake("\"a\nb\"") ==
              "line 1, column 3: a string holds the control character U+000A; JSON writes it \\u000a");
        CHECK(json_mistake(R"("\q")").starts_with("line 1, column 2: a '\\' in a string begins none of"));
        CHECK(json_mistake(R"("\u12x4")") == "line 1, column 2: expected four hexadecimal digits after \\u");
        CHECK(json_mistake(R"("\ud800x")") ==
              "line 1, column 2: \\ud800 is the first half of a character without the second");
        CHECK(json_mistake(R"("\udc00")") ==
              "line 1, column 2: \\udc00 is the second half of a character without the first");
        CHECK(json_mistake("\"a\xFF\"") == "line 1, column 3: the byte 0xFF is not UTF-8");
        CHECK(json_mistake("\xFF") == "line 1, column 1: the byte 0xFF is not UTF-8");
    }

    TEST_CASE("columns count characters and a byte order mark is not one") {
        CHECK(json_mistake("[\"\xC3\xA9\xC3\xA9\",\n\"\xE2\x82\xAC\" x]") ==
              "line 2, column 5: found 'x', expected ',' or ']'");
        CHECK(json_mistake("\xEF\xBB\xBF{}") == "");
    }

    TEST_CASE("exactly the texts that the parser refuses have a mistake") {
        const std::string sound =
            R"({"a": [1, -2.5e3, 0.0, true, null, {"b": "x\u00e9\ud83d\ude00\n\""}], "": {}, "c": [[], "é€"]})";
        CHECK(json_mistake(sound) == "");
        std::mt19937 random(7);  // NOLINT(*-msc51-cpp): the same texts in every run
        const std::string bytes = "{}[]\",:\\u0d89e+-.trnl \n\t\x01\xC3\xA9\xFF";
        std::size_t refused = 0;
        for (int round = 0; round < 20000; ++round) {
            std::string text = sound;
            for (auto change = random() % 3 + 1; change > 0; --change) {
                const std::size_t at = random() % text.size();
                if (random() % 3 == 0) {
                    text.erase(at, 1);
                } else {
                    text[at] = bytes[random() % bytes.size()];
                }
            }
            CAPTURE(text);
            const bool accepted = nlohmann::json::accept(text);
            refused += accepted ? 0 : 1;
            CHECK(json_mistake(text).empty() == accepted);
        }
        CHECK(refused > 10000);
    }

    TEST_CASE("a million brackets take linear time and no stack") {
        CHECK(json_mistake(std::string(1'000'000, '[')) ==
              "line 1, column 1000001: the text ends, expected a value or ']'");
    }
}
