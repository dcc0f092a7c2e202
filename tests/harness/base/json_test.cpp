#include "harness/base/json.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

using harness::base::DuplicateKeys;
using harness::base::JsonError;
using harness::base::parse_json;
using harness::base::parse_ordered_json;
using nlohmann::json;

namespace {

std::string complaint(std::string_view text, const harness::base::JsonRules& rules = {}) {
    try {
        parse_json(text, "log.jsonl, line 7", rules);
    } catch (const JsonError& error) {
        return error.what();
    }
    return "";
}

std::string nested(int levels) {
    return std::string(levels, '[') + std::string(levels, ']');
}

}  // namespace

TEST_SUITE("harness.base.json") {
    TEST_CASE("values of every kind are read") {
        const json value = parse_json(R"( {"a": [1, -2.5e3, "x\u00e9\n", true, null], "b": {}} )", "text");
        CHECK(value["a"][0] == 1);
        CHECK(value["a"][1] == -2500.0);
        CHECK(value["a"][2] == "x\xC3\xA9\n");
        CHECK(value["a"][3] == true);
        CHECK(value["a"][4].is_null());
        CHECK(value["b"].is_object());
    }

    TEST_CASE("messages name the place without the library's words") {
        CHECK(complaint("{\"a\": 1,\n }") ==
              "log.jsonl, line 7: is not JSON: line 2, column 2: found '}', expected a key in double quotes");
        for (const char* text :
             {"", "{", "[1,]", "nul", "\"abc", "\"\xFF\"", "1e999", "[1] 2", "{1:2}", "\"\\q\"", "-"}) {
            const std::string message = complaint(text);
            INFO(text, " gives ", message);
            CHECK(message.starts_with("log.jsonl, line 7: "));
            CHECK(message.find("exception") == std::string::npos);
            CHECK(message.find("syntax error") == std::string::npos);
            CHECK(message.find("literal") == std::string::npos);
        }
    }

    TEST_CASE("quotes of a long text are shortened") {
        CHECK(complaint("\"" + std::string(100000, 'x')).size() < 500);
    }

    TEST_CASE("the depth is limited for any text") {
        CHECK(complaint(nested(200)) == "");
        CHECK(complaint(nested(201)) == "log.jsonl, line 7: arrays and objects are nested more than 200 levels deep");
        CHECK(complaint(nested(4), {.max_depth = 3}).find("more than 3 levels") != std::string::npos);
        // Unclosed, in an object, and as many as overflowed the stack without a limit.
        CHECK(complaint(std::string(200000, '[')).find("more than 200 levels") != std::string::npos);
        std::string objects;
        for (int i = 0; i < 100000; ++i) objects += "{\"a\":";
        CHECK(complaint(objects).find("more than 200 levels") != std::string::npos);
        // Brackets in strings do not nest; an escaped quote does not end a string.
        CHECK(complaint("[\"" + std::string(1000, '[') + "\\\"" + std::string(1000, '{') + "\"]") == "");
        CHECK(complaint("[" + std::string(1000, ' ') + "[],[],[]]") == "");
    }

    TEST_CASE("text in another encoding gets a message that says so") {
        CHECK(complaint(std::string("\xFF\xFE{\0}\0", 6)).ends_with("is UTF-16; save it as UTF-8"));
        CHECK(complaint(std::string("\xFF\xFE\0\0{\0\0\0", 8)).ends_with("is UTF-32; save it as UTF-8"));
        CHECK(complaint(std::string("\0\0\xFE\xFF\0\0\0{", 8)).ends_with("is UTF-32; save it as UTF-8"));
        CHECK(complaint(std::string("{\0}\0", 4)).ends_with("byte 2 is NUL; is it saved as UTF-8?"));
        CHECK(complaint("\xEF\xBB\xBF{}") == "");
    }

    TEST_CASE("a text above the limit of bytes is refused") {
        CHECK(complaint("[1,2]", {.max_bytes = 5}) == "");
        CHECK(complaint("[1,2]", {.max_bytes = 4}).find("5 bytes of JSON, more than the limit of 4") !=
              std::string::npos);
    }

    // Python's json.loads('{"b": 1, "a": 2, "b": 3}') gives {'b': 3, 'a': 2}.
    TEST_CASE("a repeated key keeps its first place and its last value") {
        CHECK(parse_ordered_json(R"({"b": 1, "a": 2, "b": 3})", "").dump() == R"({"b":3,"a":2})");
    }

    TEST_CASE("repeated keys can be refused in the object where they repeat") {
        constexpr harness::base::JsonRules kStrict{.duplicates = DuplicateKeys::Refused};
        CHECK(complaint(R"({"a": {"b": 1, "b": 2}})", kStrict) == "log.jsonl, line 7: duplicate key b");
        CHECK(complaint(R"({"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]})", kStrict) == "");
    }

    TEST_CASE("any text that is not JSON gives null") {
        CHECK(harness::base::json_or_null("{\"a\":1}")["a"] == 1);
        CHECK(harness::base::json_or_null("{").is_null());
        CHECK(harness::base::json_or_null(nested(1000)).is_null());
        CHECK(harness::base::ordered_json_or_null(R"({"z":1,"a":2})").dump() == R"({"z":1,"a":2})");
    }
}
