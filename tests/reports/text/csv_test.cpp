#include "reports/text/csv.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

using namespace reports::text;

TEST_SUITE("reports.text") {
    TEST_CASE("a text that a spreadsheet would take for a formula gets an apostrophe and numbers keep their sign") {
        const std::vector<std::pair<std::string, std::string>> cells = {
            {"=1+1", "'=1+1"},     {"+cmd", "'+cmd"},
            {"-a", "'-a"},         {"@SUM(A1)", "'@SUM(A1)"},
            {"\t=1", "\"'\t=1\""}, {"\r=1", "\"'\r=1\""},
            {"'=1", "''=1"},       {"'a'", "'a'"},
            {"-5", "-5"},          {"+1e3", "+1e3"},
            {"-0x1F", "'-0x1F"},   {"-inf", "'-inf"},
            {"a=1", "a=1"},        {"", ""},
            {" =1", " =1"}};
        for (const auto& row : cells) {
            const auto& text = row.first;
            const auto& cell = row.second;
            CAPTURE(text);
            CHECK(csv_text(text) == cell);
        }
    }

    TEST_CASE("cells are quoted as in RFC 4180 and bytes that are not UTF-8 are replaced") {
        CHECK(csv_text("a,b") == "\"a,b\"");
        CHECK(csv_text("say \"a\"") == "\"say \"\"a\"\"\"");
        CHECK(csv_text("a\r\nb") == "\"a\r\nb\"");
        CHECK(csv_text("a\xFF\xE2\x98\x83") == "a\xEF\xBF\xBD\xE2\x98\x83");
        CHECK(csv_line({"a", "", csv_number(0.1)}) == "a,,0.1\r\n");
        CHECK(csv_number(std::nan("")).empty());
        CHECK(csv_number(std::numeric_limits<double>::infinity()).empty());
    }

    TEST_CASE("every text comes back from its cell") {
        for (const std::string text :
             {"=1", "'=1", "''=1", "'", "''", "-", "-5", "'-5", "plain", "'quoted'", "@", "\t"}) {
            CAPTURE(text);
            std::string cell = csv_text(text);
            if (cell.starts_with('"')) cell = cell.substr(1, cell.size() - 2);
            CHECK(csv_original(cell) == text);
        }
    }
}
