#include "harness/cli/config_file.hpp"

#include <doctest/doctest.h>

#include <random>
#include <utility>
#include <vector>

#include "harness/base/usage_error.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"

using namespace harness::cli;

namespace {

/// The message for a configuration file with this text, without its name; empty if the file is right.
std::string complaint(const std::string& text) {
    Verb root("bellwether", "");
    std::vector<std::string> words;
    for (const char* name : {"--limit", "--db", "--seed", "--model"}) root.option(name, "X", texts(words), "");
    root.verb("run", "").option("--limit", "N", texts(words), "");
    const Temporary folder;
    const std::string path = folder / "c.toml";
    put(path, text);
    try {
        const ConfigFile file(path, root);
        return "";
    } catch (const harness::base::UsageError& error) {
        const std::string message = error.what();
        CHECK(message.starts_with(path + ":"));
        return message.substr(path.size() + 1);
    }
}

/// Words of the library that reads TOML.
void check_plain(const std::string& message) {
    CAPTURE(message);
    for (const char* word : {"Error while", "saw '", "encountered", "redefine", "key-value", "literal", "could not",
                             "explicitly", "toml::", "whitespace"})
        CHECK(message.find(word) == std::string::npos);
}

}  // namespace

TEST_SUITE("harness.cli") {
    TEST_CASE("a mistake in a configuration file has its place and what to write") {
        const std::string value = "expected a value: a string in quotes, a number, true, false, or an array";
        const std::string header = "expected the name of a verb in brackets and nothing else, such as [run]";
        const std::string twice = "this name has a value in an earlier line already; keep one of the two";
        for (const auto& row : std::vector<std::pair<std::string, std::string>>{
                 {"limit = ", "1:9: not TOML: expected a value after '='; an empty string is \"\""},
                 {"limit = # all", "expected a value after '='"},
                 {"\nlimit 5", "2:7: not TOML: found '5', expected NAME = VALUE or [VERB]"},
                 {"limit: 5", "1:6: not TOML: found ':', expected '=' after the name"},
                 {"= 5", "expected a name before '='"},
                 {"my limit = 5", "the name 'my limit' has a space"},
                 {"limit! = 5", "'limit!' is not a name"},
                 {"run..limit = 5", "'run..limit' is not a name"},
                 {"\"limit = 5", "the name '\"limit' does not end: expected \" after it"},
                 {"db = x.sqlite", "1:6: not TOML: found 'x.sqlite', " + value},
                 {"db = /home/me/x.sqlite", "found '/home/me/x.sqlite', " + value},
                 {"db = \xE2\x80\x9Cx\xE2\x80\x9D", "found '\xE2\x80\x9Cx\xE2\x80\x9D', " + value},
                 {"db = \"x\nlimit = 3", "the string '\"x' does not end: expected \" after it"},
                 {"db = 'x", "the string ''x' does not end: expected ' after it"},
                 {"db = \"C:\\path\"", "a '\\' inside double quotes begins none of"},
                 {"db = \"\\u12\"", "a \\u inside double quotes needs the hexadecimal digits"},
                 {"db = \"a\"b", "found 'b' after the value"},
                 {"model = 'a', 'b'", "several values are an array: write ['a', 'b']"},
                 {"model = ['a' 'b']", "1:14: not TOML: found ''b'', expected ',' or ']' in the array"},
                 {"model = ['a', 'b'", "found the end of the line, expected ',' or ']' in the array"},
                 {"model = [\n'a',\nlimit = 5",
                  "3:1: not TOML: the value that begins in line 1 is not complete here: "
                  "found 'limit'"},
                 {"run = {limit = 5", "expected ',' or '}' in the table"},
                 {"json = True", "found 'True'; TOML has true and false"},
                 {"json = None", "found 'None'; TOML has no such value"},
                 {"json = true false", "found 'false' after the value"},
                 {"limit = 010", "the number '010' begins with 0"},
                 {"limit = 5;", "found ';' after the value"},
                 {"limit = 5 6", "found '6' after the value"},
                 {"limit = 1, 2", "several values are an array: write [1, ...]"},
                 {"limit = 5.", "'5.' is not a number; write it as 7, -7, 0.7 or 1e-3"},
                 {"seed = 99999999999999999999", "is too large for TOML; write it in quotes"},
                 {"limit = 1\nlimit = 2", "2:9: not TOML: " + twice},
                 {"[run]\nlimit = 1\n[run]", "3:1: not TOML: " + twice},
                 {"[run\nlimit = 1", "1:5: not TOML: " + header},
                 {"[run] limit = 1", header},
                 {"db = \"\xFF\"", "1:6: not TOML: the text is not UTF-8"},
                 {"db = \"a\x01\"", "the control character U+0001 is not allowed here"},
                 {"limit = 5\rdb = 'x'", "the control character U+000D is not allowed here"}}) {
            const auto& text = row.first;
            const auto& expected = row.second;
            CAPTURE(text);
            const std::string message = complaint(text);
            CAPTURE(message);
            CHECK(message.find(expected) != std::string::npos);
            check_plain(message);
        }
        CHECK(complaint("[[run]]\nlimit = 5").find("'run' is a verb, whose settings stand below [run]") !=
              std::string::npos);
        CHECK(complaint("run = 5").find("'run' is a verb") != std::string::npos);
        CHECK(complaint("limit = {a = 1}").find("'limit' is an option, which needs a value and no table") !=
              std::string::npos);
        CHECK(complaint("config = 'a'").find("'config' cannot be set in a file") != std::string::npos);
        CHECK(complaint("limit = 5\r\n[run]\r\nlimit = 3\r\n").empty());
    }

    TEST_CASE("a configuration file with very many levels or lines is refused without a crash and in linear time") {
        std::string deep = "run";
        for (int i = 0; i < 300000; ++i) deep += ".a";
        CHECK(complaint(deep + " = 1\n").starts_with("1: more than 1000 names"));
        CHECK(complaint("[" + deep + "]\n").starts_with("1: more than 1000 names"));
        std::string list = "limit = 1\nmodel = [\n";
        for (int i = 0; i < 100000; ++i) list += "\"a\",\n";
        CHECK(complaint(list + "limit = 5\n").find("the value that begins in line 2 is not complete here") !=
              std::string::npos);
        CHECK(complaint("model = " + std::string(100000, '[')).find("not TOML: ") != std::string::npos);
    }

    TEST_CASE("no mutated configuration file gets the words of a library or no words") {
        const std::string whole =
            "db = \"a.sqlite\"\nlimit = 1_000\nmodel = ['a', \"b\\n\"]\n[run]\nlimit = 0x1F # all\n";
        const std::string used = "abdlimtrun=[]{}'\"\\#\n\r\t .,:-_0159eE\x01\xE2\x80\x9C";
        std::mt19937 random(14);
        int refused = 0;
        for (int i = 0; i < 3000; ++i) {
            std::string text = whole;
            for (int changes = 1 + static_cast<int>(random() % 3); changes > 0; --changes) {
                const std::size_t at = random() % text.size();
                text.replace(at, random() % 2, 1, used[random() % used.size()]);
            }
            CAPTURE(text);
            const std::string message = complaint(text);
            if (message.empty()) continue;
            ++refused;
            check_plain(message);
            CHECK_FALSE(message.ends_with(": "));
        }
        CHECK(refused > 1000);
    }
}
