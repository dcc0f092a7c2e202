#include <doctest/doctest.h>
#include <zlib.h>

#include "tests/suites/helpers.hpp"

using suites::Row;
using suites_test::complaint;
using suites_test::Folder;

namespace {

void write_gzip(const std::string& path, const std::string& content) {
    gzFile file = gzopen(path.c_str(), "wb");
    gzwrite(file, content.data(), static_cast<unsigned>(content.size()));
    gzclose(file);
}

}  // namespace

TEST_SUITE("suites.rows") {
    TEST_CASE("quoted fields keep separators line breaks and doubled quotes") {
        const auto rows = suites::data::parse_table(
            "\xEF\xBB\xBFq,a\r\n\"one, \"\"two\"\"\nthree\",4\r\nplain \"quote\",5", ',', {}, "t.csv");
        REQUIRE(rows.size() == 2);
        CHECK(rows[0] == Row({{"q", "one, \"two\"\nthree"}, {"a", "4"}}));
        CHECK(rows[1]["q"] == "plain \"quote\"");
    }

    TEST_CASE("tables without names take those given") {
        const auto rows = suites::data::parse_table("a b\tc\n", '\t', {"x", "y"}, "t.tsv");
        REQUIRE(rows.size() == 1);
        CHECK(rows[0] == Row({{"x", "a b"}, {"y", "c"}}));
    }

    TEST_CASE("errors in tables name file and row") {
        CHECK(complaint([] { suites::data::parse_table("a,b\n1,2\n3\n", ',', {}, "t.csv"); }) ==
              "t.csv: row 3 has 1 fields, there are 2 columns");
        CHECK(complaint([] { suites::data::parse_table("a\n\"open\n", ',', {}, "t.csv"); }) ==
              "t.csv: row 2: a quote is not closed");
        CHECK(complaint([] { suites::data::parse_table("a\n\"b\"c\n", ',', {}, "t.csv"); }) ==
              "t.csv: row 2: text after a closing quote");
        CHECK(complaint([] { suites::data::parse_table("", ',', {}, "t.csv"); }).find("t.csv: the file is empty") == 0);
    }

    TEST_CASE("tables must be UTF-8 and have unique columns") {
        CHECK(complaint([] {
                  suites::data::parse_table("a,b\nx,caf\xE9\n", ',', {}, "t.csv");
              }).starts_with("t.csv: row 2 is not UTF-8"));
        for (const char* wrong : {"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80"}) {
            CHECK(complaint([&] { suites::data::parse_table(std::string("a\n") + wrong + "\n", ',', {}, "t.csv"); }) !=
                  "");
        }
        CHECK(suites::data::parse_table("a\n\xC3\xA9\xE2\x82\xAC\xF0\x9F\x99\x82\n", ',', {}, "t.csv").size() == 1);
        CHECK(complaint([] { suites::data::parse_table("a,a\n1,2\n", ',', {}, "t.csv"); }) ==
              "t.csv: two columns have one name");
    }

    TEST_CASE("errors in JSON name file and line or element") {
        CHECK(complaint([] {
                  suites::data::parse_jsonl("{}\n\n{\"a\": \n", "t.jsonl");
              }).starts_with("t.jsonl: line 3 is not a JSON object: column 7: "));
        CHECK(complaint([] { suites::data::parse_jsonl("{}\n3\n", "t.jsonl"); }) ==
              "t.jsonl: line 2 is not a JSON object");
        CHECK(complaint([] { suites::data::parse_jsonl(std::string("{}\0{}\n", 6), "t.jsonl"); }).find("NUL") !=
              std::string::npos);
        const std::string deep = "{\"a\": " + std::string(100000, '[') + std::string(100000, ']') + "}";
        CHECK(complaint([&] { suites::data::parse_jsonl(deep, "t.jsonl"); }).find("levels deep") != std::string::npos);
        CHECK(complaint([&] { suites::data::parse_json_array("[" + deep + "]", "t.json"); }).find("levels deep") !=
              std::string::npos);
        CHECK(complaint([] { suites::data::parse_jsonl("[1]\n", "t.jsonl"); }) ==
              "t.jsonl: line 1 is not a JSON object");
        CHECK(complaint([] { suites::data::parse_json_array("[{}, 2]", "t.json"); }) ==
              "t.json: element 1 is not a JSON object");
        CHECK(complaint([] { suites::data::parse_json_array("{}", "t.json"); }) ==
              "t.json: not a JSON array of objects");
    }

    TEST_CASE("every format is read packed and unpacked") {
        const Folder folder;
        folder.write("a.jsonl", "{\"v\": \"1\"}\n");
        folder.write("b.json", "[{\"v\": \"1\"}]");
        folder.write("c.csv", "v\n1\n");
        folder.write("d.tsv", "v\n1\n");
        for (const std::string file : {"a.jsonl", "b.json", "c.csv", "d.tsv"}) {
            CAPTURE(file);
            CHECK(suites::data::read_rows(folder.path(file)) == std::vector<Row>{{{"v", "1"}}});
            write_gzip(folder.path(file + ".gz"), suites::read_text(folder.path(file)));
            CHECK(suites::data::read_rows(folder.path(file + ".gz")) == std::vector<Row>{{{"v", "1"}}});
        }
    }

    TEST_CASE("damaged and unknown files are told apart") {
        const Folder folder;
        write_gzip(folder.path("a.jsonl.gz"), std::string(100000, ' '));
        std::filesystem::resize_file(folder.path("a.jsonl.gz"), 60);
        CHECK(complaint([&] { suites::data::read_rows(folder.path("a.jsonl.gz")); }).find("damaged or cut short") !=
              std::string::npos);
        CHECK(complaint([&] { suites::data::read_rows(folder.path("none.csv")); }).find("cannot be read") !=
              std::string::npos);
        folder.write("x.parquet", "PAR1");
        CHECK(complaint([&] { suites::data::read_rows(folder.path("x.parquet")); }).find("the file is Parquet") !=
              std::string::npos);
        folder.write("x.rows", "1");
        CHECK(complaint([&] { suites::data::read_rows(folder.path("x.rows")); }).find("must end in .jsonl") !=
              std::string::npos);
    }
}
