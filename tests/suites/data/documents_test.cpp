#include "suites/data/documents.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "suites/row.hpp"
#include "tests/suites/helpers.hpp"

using suites_test::complaint;
using suites_test::Folder;

namespace {

const suites::data::Split kSplit{.task = "own"};

std::string complaint_of(const Folder& folder, const std::string& file) {
    return complaint([&] { suites::data::load_documents(kSplit, {file}, {folder.path()}); });
}

}  // namespace

TEST_SUITE("suites.documents") {
    TEST_CASE("a file without documents is an error whatever its form") {
        const Folder folder;
        folder.write("empty.jsonl", "");
        folder.write("blank.jsonl", "\n \n");
        folder.write("list.json", "[]");
        folder.write("head.csv", "question,answer\n");
        folder.write("mark.jsonl", "\xEF\xBB\xBF");
        folder.write("mark.json", "\xEF\xBB\xBF\r\n");
        folder.write("empty.json", "");
        folder.write("returns.jsonl", "\r\r");
        for (const char* file : {"empty.jsonl", "blank.jsonl", "list.json", "head.csv", "mark.jsonl", "mark.json",
                                 "empty.json", "returns.jsonl"}) {
            CAPTURE(file);
            CHECK(complaint_of(folder, file) == "own: no documents in " + folder.path(file));
        }
        folder.write("none.csv", "");
        CHECK(complaint_of(folder, "none.csv").find("the file is empty") != std::string::npos);
    }

    TEST_CASE("a folder in place of a file is reported as a folder") {
        const Folder folder;
        folder.write("deep.jsonl/inside", "");
        CHECK(complaint_of(folder, "deep.jsonl") == folder.path("deep.jsonl") + ": is a folder, not a file");
    }

    TEST_CASE("lines that end in CR only are read") {
        const Folder folder;
        folder.write("mac.csv", "q,a\r1+1,2\r\"a, b\",3\r");
        folder.write("mac.jsonl", "{\"q\":1}\r{\"q\":2}\r");
        const auto table = suites::data::load_documents(kSplit, {"mac.csv"}, {folder.path()});
        REQUIRE(table.rows.size() == 2);
        CHECK(table.rows[1]["q"] == "a, b");
        CHECK(suites::data::load_documents(kSplit, {"mac.jsonl"}, {folder.path()}).rows.size() == 2);
    }

    TEST_CASE("a file that is UTF-32 or packed or binary is told what it is") {
        using namespace std::string_literals;
        for (const auto& row : std::vector<std::pair<std::string, std::string>>{
                 {"\xFF\xFE\0\0{\0\0\0"s, "the file is UTF-32; save it as UTF-8"},
                 {"{\0\0\0\"\0\0\0"s, "the file is UTF-32"},
                 {"{\0\"\0"s, "the file is UTF-16"},
                 {"\xFD"
                  "7zXZ\0\0"s,
                  "the file is packed with xz; unpack it"},
                 {"PK\x03\x04"s, "the file is a zip archive"},
                 {"\x28\xB5\x2F\xFDx"s, "the file is packed with zstd"},
                 {"PAR1\x15"s, "the file is Parquet"}}) {
            const auto& content = row.first;
            const auto& expected = row.second;
            CAPTURE(expected);
            CHECK(complaint([&] { suites::parse_data_file(content, "d.jsonl"); }).starts_with("d.jsonl: " + expected));
        }
    }

    TEST_CASE("UTF-16 is named as such with the file") {
        const Folder folder;
        folder.write("u.csv", std::string("\xFF\xFEq\0,\0a\0\n\0", 10));
        folder.write("u.jsonl", std::string("{\0}\0\n\0", 6));
        for (const char* file : {"u.csv", "u.jsonl"})
            CHECK(complaint_of(folder, file) ==
                  folder.path(file) + ": the file is UTF-16; save it as UTF-8, as with iconv -f UTF-16 -t UTF-8");
    }

    TEST_CASE("the first folder that has a file is read") {
        const Folder own;
        const Folder cache;
        own.write("a.jsonl", "{\"from\":\"own\"}\n");
        cache.write("a.jsonl", "{\"from\":\"cache\"}\n");
        cache.write("b.jsonl", "{\"from\":\"cache\"}\n");
        const suites::data::Folders both = {own.path(), cache.path()};
        CHECK(suites::data::load_documents(kSplit, {"a.jsonl"}, both).rows.at(0)["from"] == "own");
        CHECK(suites::data::load_documents(kSplit, {"b.jsonl"}, both).rows.at(0)["from"] == "cache");
        CHECK(complaint([&] { suites::data::load_documents(kSplit, {"c.jsonl"}, both); })
                  .find(own.path("c.jsonl") + " and " + cache.path("c.jsonl") +
                        " are missing; put the file there, or name the folder that has it with --data") !=
              std::string::npos);
        CHECK(complaint([&] {
                  suites::data::load_documents(kSplit, {"arc/ARC-Easy/test.jsonl"}, both);
              }).find("'bellwether suites fetch") != std::string::npos);
    }

    TEST_CASE("rows chosen by a field keep their numbers in the file") {
        const Folder folder;
        folder.write("a.jsonl", "{\"c\":\"x\"}\n{\"c\":\"y\"}\n{\"c\":\"x\"}\n");
        suites::data::Split split = kSplit;
        split.where = {{"c", "x"}};
        CHECK(suites::data::load_documents(split, {"a.jsonl"}, {folder.path()}).row_numbers ==
              std::vector<std::size_t>{1, 3});
    }
}
