#include <doctest/doctest.h>

#include <ctime>
#include <string>
#include <vector>

#include "suites/row.hpp"
#include "tests/suites/helpers.hpp"

using suites::parse_row;
using suites::row_text;
using suites_test::complaint;

TEST_SUITE("suites.row") {
    TEST_CASE("integers keep all their digits") {
        for (const char* text : {"9007199254740993", "-9223372036854775808", "18446744073709551615",
                                 "123456789012345678901", "-98765432109876543210987654321"})
            CHECK(row_text(parse_row(text)) == text);
    }

    TEST_CASE("decimals are written as Python writes them unless digits would be lost") {
        // repr(json.loads(text)) of Python.
        CHECK(row_text(parse_row("1.10")) == "1.1");
        CHECK(row_text(parse_row("1e2")) == "100.0");
        CHECK(row_text(parse_row("-0.0")) == "-0.0");
        CHECK(row_text(parse_row("1e15")) == "1000000000000000.0");
        CHECK(row_text(parse_row("1e16")) == "1e+16");
        CHECK(row_text(parse_row("0.00001")) == "1e-05");
        CHECK(row_text(parse_row("0.1")) == "0.1");
        // More than a double holds.
        CHECK(row_text(parse_row("3.14159265358979323846")) == "3.14159265358979323846");
        CHECK(row_text(parse_row("12345678901234567.25")) == "12345678901234567.25");
    }

    TEST_CASE("keys keep their order and the last value of a duplicate counts as in Python") {
        CHECK(row_text(parse_row(R"({"b": 1, "a": [2, {}, []], "b": "\u00e9"})")) == R"({"b":"é","a":[2,{},[]]})");
        std::string many = "{";
        for (int i = 0; i < 40; ++i) many += "\"k" + std::to_string(i % 30) + "\":" + std::to_string(i) + ",";
        many.back() = '}';
        const suites::Row row = parse_row(many);
        CHECK(row.size() == 30);
        CHECK(row["k9"] == 39);
        CHECK(row.begin().key() == "k0");
    }

    TEST_CASE("text that is not JSON is reported with its place") {
        CHECK(complaint([] { parse_row(R"({"a": })"); }).find("line 1, column 7") == 0);
        CHECK(complaint([] { parse_row("{} {}"); }).find("column 4") != std::string::npos);
        CHECK(complaint([] { parse_row("1e999"); }).find("1e999") != std::string::npos);
        CHECK(complaint([] { parse_row(std::string(100000, '[')); }).find("levels deep") != std::string::npos);
        CHECK(complaint([] { parse_row(std::string("{\0}", 3)); }).find("UTF-16") != std::string::npos);
    }

    TEST_CASE("a table of 200000 columns takes linear time") {
        std::string names;
        std::string values;
        for (int i = 0; i < 200000; ++i) {
            names += (i == 0 ? "c" : ",c") + std::to_string(i);
            values += i == 0 ? "v" : ",v";
        }
        const std::vector<suites::Row> rows = suites::parse_data_file(names + "\n" + values + "\n", "d.csv");
        REQUIRE(rows.size() == 1);
        CHECK(rows[0].size() == 200000);
        CHECK(rows[0].back() == "v");
    }

    TEST_CASE("rows of 200000 keys and a million elements take linear time") {
        const std::clock_t start = std::clock();  // of the processor: other work does not count
        std::string keys = "{";
        for (int i = 0; i < 200000; ++i) keys += "\"gen_args_" + std::to_string(i) + "\":{\"arg_0\":\"a\"},";
        keys.back() = '}';
        CHECK(parse_row(keys).size() == 200000);
        std::string list = "[";
        for (int i = 0; i < 1000000; ++i) list += "\"c\",";
        list.back() = ']';
        CHECK(parse_row(list).size() == 1000000);
        CHECK(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC < 15);
    }

    TEST_CASE("digits are kept from the row to prompt and reference") {
        const suites_test::Folder folder;
        folder.write("n/test.jsonl",
                     R"({"n": 123456789012345678901, "a": 123456789012345678902, "d": 0.10000000000000000555})"
                     "\n");
        const suites::Task task = suites_test::task_of(nlohmann::json::parse(
            R"({"name": "big", "version": 1, "profile": "own", "kind": "generate", "description": "d", "source": "s",
            "licence": "l", "citation": "c", "data": {"test": ["n/test.jsonl"]}, "prompt": "{{n}} {{d}}", "answer": "{{a}}",
            "metrics": ["exact_match"]})"));
        const auto items = task.render(folder.path(), {.fewshot = {}, .limit = {}, .seed = 1});
        CHECK(suites_test::prompt_text(items.at(0).requests.at(0)) == "123456789012345678901 0.10000000000000000555");
        CHECK(items[0].target() == "123456789012345678902");
        CHECK(items[0].document ==
              R"({"n":123456789012345678901,"a":123456789012345678902,"d":0.10000000000000000555})");
    }
}
