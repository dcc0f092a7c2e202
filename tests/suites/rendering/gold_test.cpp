#include "suites/rendering/gold.hpp"

#include <doctest/doctest.h>

#include <ctime>
#include <string>

#include "tests/suites/helpers.hpp"

using suites::definition::FieldPath;
using suites::definition::Gold;
using suites::rendering::correct_choices;
using suites_test::complaint;
using Indices = std::vector<std::size_t>;

namespace {

Gold by_index() {
    Gold gold;
    gold.answer = FieldPath::parse("answer");
    return gold;
}

Gold by_letter() {
    Gold gold = by_index();
    gold.labels = std::vector<std::string>{"A", "B", "C", "D"};
    return gold;
}

Gold by_row_labels() {
    Gold gold = by_index();
    gold.labels = FieldPath::parse("labels");
    return gold;
}

Gold by_mask() {
    Gold gold;
    gold.mask = FieldPath::parse("mask");
    return gold;
}

std::string complaint_of(const Gold& gold, const char* row, std::size_t count) {
    return complaint([&] { correct_choices(gold, suites::parse_row(row), count); });
}

}  // namespace

TEST_SUITE("suites.gold") {
    TEST_CASE("labels indices and masks name the correct choices") {
        CHECK(correct_choices(by_index(), suites::parse_row(R"({"answer": 2})"), 3) == Indices{2});
        CHECK(correct_choices(by_index(), suites::parse_row(R"({"answer": [2, 0, 2]})"), 3) == Indices{0, 2});
        CHECK(correct_choices(by_letter(), suites::parse_row(R"({"answer": "D"})"), 4) == Indices{3});
        CHECK(correct_choices(by_letter(), suites::parse_row(R"({"answer": ["B", "A"]})"), 4) == Indices{0, 1});
        CHECK(correct_choices(by_row_labels(), suites::parse_row(R"({"answer": 7, "labels": [5, 7]})"), 2) ==
              Indices{1});
        CHECK(correct_choices(by_mask(), suites::parse_row(R"({"mask": [0, 1, true, false]})"), 4) == Indices{1, 2});
    }

    TEST_CASE("an unknown label is an error and never another choice") {
        // Six choices, four labels, answer F.
        CHECK(complaint_of(by_letter(), R"({"answer": "F"})", 6) ==
              R"("answer" names no choice: "F" is not one of the labels A, B, C, D)");
        CHECK(complaint_of(by_letter(), R"({"answer": "D"})", 3).find("there are 3 choices") != std::string::npos);
        CHECK(complaint_of(by_letter(), R"({"answer": "a"})", 4).find("names no choice") != std::string::npos);
        CHECK(complaint_of(by_letter(), R"({"answer": ""})", 4).find("names no choice") != std::string::npos);
        CHECK(complaint_of(by_letter(), R"({"answer": null})", 4).find("names no choice") != std::string::npos);
        CHECK(complaint_of(by_row_labels(), R"({"answer": "A", "labels": ["A", "B"]})", 3) ==
              R"("labels" has 2 labels for 3 choices)");
        CHECK(complaint_of(by_row_labels(), R"({"answer": "A", "labels": ["A", "A"]})", 2).find("duplicate label") !=
              std::string::npos);
    }

    TEST_CASE("an invalid index is an error") {
        for (const char* row : {R"({"answer": 3})", R"({"answer": -1})", R"({"answer": "1"})", R"({"answer": 1.0})",
                                R"({"answer": true})", R"({"answer": 99999999999999999999})", R"({"answer": [0, 3]})",
                                R"({"answer": []})", R"({"answer": {}})"}) {
            CAPTURE(row);
            CHECK(complaint_of(by_index(), row, 3).find("\"answer\"") == 0);
        }
    }

    TEST_CASE("a mask that does not fit is an error") {
        for (const char* row : {R"({"mask": [0, 1]})", R"({"mask": [0, 0, 0]})", R"({"mask": [0, 1, 2]})",
                                R"({"mask": [0, 1, "1"]})", R"({"mask": [0, 1, 0, 0]})", R"({"mask": "010"})"}) {
            CAPTURE(row);
            CHECK(complaint_of(by_mask(), row, 3).find("\"mask\"") == 0);
        }
    }

    TEST_CASE("a million choices with as many labels take linear time") {
        const std::clock_t start = std::clock();  // of the processor: other work does not count
        constexpr std::size_t kCount = 1000000;
        suites::Row row;
        for (std::size_t i = 0; i < kCount; ++i) row["labels"].push_back(std::to_string(i));
        row["answer"] = row["labels"];
        CHECK(correct_choices(by_row_labels(), row, kCount).size() == kCount);
        CHECK(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC < 15);
    }

    TEST_CASE("mistakes of rows are reported with task file and row and all at once on request") {
        const suites_test::Folder folder;
        folder.write("own.jsonl",
                     "{\"q\":\"x\",\"answer\":\"F\"}\n{\"q\":\"x\",\"answer\":\"A\"}\n{\"answer\":\"B\"}\n");
        const suites::Task task = suites_test::task_of(nlohmann::json::parse(
            R"({"name": "own", "version": 1, "profile": "own", "kind": "choice", "description": "d", "source": "s",
            "licence": "l", "citation": "c", "data": {"test": ["own.jsonl"]}, "prompt": "{{q}}", "choices": ["a", "b"],
            "gold": "answer", "gold_labels": ["A", "B"], "metrics": ["acc"]})"));
        const std::vector<std::string> mistakes = task.check_data(folder.path());
        REQUIRE(mistakes.size() == 2);
        CHECK(mistakes[0] ==
              "own: " + folder.path("own.jsonl") +
                  ": row 1: document 0: \"answer\" names no choice: \"F\" is not one of the labels A, B");
        CHECK(mistakes[1] == "own: " + folder.path("own.jsonl") + ": row 3: document 2: there is no field \"q\"");
        CHECK(complaint([&] { task.render(folder.path(), {.fewshot = {}, .limit = {}, .seed = 1}); }) == mistakes[0]);
    }
}
