#include "suites/transforms/agieval.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "suites/fetch/python_literal.hpp"
#include "tests/suites/helpers.hpp"

using nlohmann::ordered_json;
using suites::transforms::agieval_math_answer;
using suites_test::Folder;
using suites_test::task_named;

TEST_SUITE("suites.agieval") {
    TEST_CASE(
        "the answer is the box or else the dollars or else the text after the equals sign or else the last number") {
        CHECK(agieval_math_answer("so $1$ and \\boxed{x = 5} or 6") == "5");
        CHECK(agieval_math_answer("\\boxed{\\frac{1}{2}}") == "\\frac{1}{2}");
        CHECK(agieval_math_answer("\\boxed 5 and $6$") == std::nullopt);  // a box that it cannot read hides the rest
        CHECK(agieval_math_answer("\\boxed{5") == std::nullopt);
        CHECK(agieval_math_answer("$1$ then\n$x=2$ end") == "2");
        CHECK(agieval_math_answer("$1$ and $2$") == "1$ and $2");  // from the first dollar of a line to its last
        CHECK(agieval_math_answer("only one $5") == "$5");
        CHECK(agieval_math_answer("$$ = 7.") == "7");  // nothing between the dollars
        CHECK(agieval_math_answer("x = 3, so y =  4..") == "4");
        CHECK(agieval_math_answer("y = 4\\nmore") == "4");  // a backslash and an n, as the reference has it
        CHECK(agieval_math_answer("first 12 then 34.") == "34");
        CHECK(agieval_math_answer("it is 3.25 dollars") == "3.25");
        CHECK(agieval_math_answer("12 and 3.5x") == "3");  // a letter after the fraction: the part before the point
        CHECK(agieval_math_answer("12 and 35x") == "12");
        CHECK(agieval_math_answer("12 and 5\xC3\xA9") == "12");  // a letter of another script
        CHECK(agieval_math_answer("12 and 5\xE2\x88\x9A"
                                  "3") == "3");  // a root sign is none
        CHECK(agieval_math_answer("Monday") == std::nullopt);
        CHECK(agieval_math_answer("") == std::nullopt);
    }

    TEST_CASE("both sides go through the parser as in lm-evaluation-harness") {
        using suites::transforms::grade_agieval_math;
        CHECK(grade_agieval_math(" 16", "16") == 1.0);
        CHECK(grade_agieval_math(" $\\frac12$", "$\\frac{1}{2}$") == 1.0);
        CHECK(grade_agieval_math(" it is 2", "\\frac{1}{2}") == 1.0);  // of the correct answer only "2" is left
        CHECK(grade_agieval_math(" Monday", "Tuesday") == 1.0);        // nothing and nothing are the same
        CHECK(grade_agieval_math(" Monday", "5") == 0.0);
        CHECK(grade_agieval_math(" x = a/2", "$a / 2$") == 1.0);
        CHECK(grade_agieval_math(std::string("\xff\xc3=", 3), "5") == 0.0);
    }

    TEST_CASE("rows that Python printed are read") {
        using suites::fetch::parse_python_literal;
        CHECK(parse_python_literal("{'a': None, \"b\": ['x', \"it's\"], 'c': {'d': 5, 'e': True}, 'f': -1.5}") ==
              ordered_json{{"a", nullptr}, {"b", {"x", "it's"}}, {"c", {{"d", 5}, {"e", true}}}, {"f", -1.5}});
        CHECK(parse_python_literal(R"('a\'b\\c\nd\xe9\u221a')") == ordered_json("a'b\\c\nd\xC3\xA9\xE2\x88\x9A"));
        for (const char* bad :
             {"", "{", "{'a'}", "{'a': }", "['a' 'b']", "'a", "nothing", "{1: 2}", "'\\q'", "[] []"}) {
            CAPTURE(bad);
            CHECK(suites_test::complaint([&] { parse_python_literal(bad); }).starts_with("not a Python literal: "));
        }
        CHECK(suites_test::complaint([&] { parse_python_literal(std::string(1000, '[')); }).find("too deep") !=
              std::string::npos);
    }

    TEST_CASE("questions are worded as in lm-evaluation-harness's data sets") {
        const Folder original, cache;
        original.write("AGIEval/v1/sat-math.jsonl",
                       R"({"passage": "", "question": "1+1?", "options": ["(A)1", "(B)2", "(C)3"], "label": "B"})");
        suites_test::fetch_from("agieval_sat_math", original.path(), cache.path());
        const auto items = task_named("agieval_sat_math").render(cache.path(), {.fewshot = {}, .limit = {}, .seed = 1});
        REQUIRE(items.size() == 1);
        REQUIRE(items[0].requests.size() == 3);
        CHECK(suites_test::prompt_text(items[0].requests[0]) ==
              "Q: 1+1? Answer Choices: (A)1 (B)2 (C)3\nA: Among A through C, the answer is");
        CHECK(suites::scored_text(items[0].requests[1]) == " (B)2");
        CHECK(items[0].target() == "1");
        original.write("AGIEval/v1/sat-math.jsonl",
                       R"({"passage": "", "question": "1+1?", "options": ["(A)1", "(B)2"], "label": "C"})");
        CHECK(suites_test::complaint([&] {
                  suites_test::fetch_from("agieval_sat_math", original.path(), cache.path());
              }).find("row 1: \"label\" is 'C', which names none of the 2 options") != std::string::npos);
    }

    TEST_CASE("the English sets are complete and the paper's profile shows their authors' examples") {
        const std::string shared = suites_test::shared_data();
        if (shared.empty()) {
            MESSAGE("skipped: the public data sets are not there (BELLWETHER_SHARED)");
            return;
        }
        const Folder cache;
        suites_test::fetch_from("agieval_en", shared, cache.path());
        const std::map<std::string, std::size_t> sizes = {
            {"agieval_aqua_rat", 254}, {"agieval_gaokao_english", 306}, {"agieval_logiqa_en", 651},
            {"agieval_lsat_ar", 230},  {"agieval_lsat_lr", 510},        {"agieval_lsat_rc", 269},
            {"agieval_math", 1000},    {"agieval_sat_en", 206},         {"agieval_sat_en_without_passage", 206},
            {"agieval_sat_math", 220}};
        std::size_t tasks = 0;
        for (const suites::Task& task : suites_test::select_tasks("agieval_en")) {
            ++tasks;
            CAPTURE(task.name());
            CHECK(task.render(cache.path(), {.fewshot = {}, .limit = {}, .seed = 1}).size() == sizes.at(task.name()));
        }
        CHECK(tasks == 10);
        const auto first = task_named("agieval_lsat_ar").render(cache.path(), {.fewshot = {}, .limit = 1, .seed = 1});
        CHECK(suites_test::prompt_text(first[0].requests[0]).starts_with("Of the eight students"));
        CHECK(suites_test::prompt_text(first[0].requests[0])
                  .find("is given on Wednesday.Q: Which one of the following could be the "
                        "schedule of the students' reports? Answer Choices: (A)Mon. morning: "
                        "Helen; Mon. afternoon: Robert Tues.") != std::string::npos);
        CHECK(suites_test::prompt_text(first[0].requests[0])
                  .ends_with("Wed. afternoon: George\nA: Among A through E, the answer is"));
        CHECK(first[0].target() == "2");
        const auto math = task_named("agieval_math").render(cache.path(), {.fewshot = {}, .limit = 1, .seed = 1});
        CHECK(suites_test::prompt_text(math[0].requests[0]).starts_with("Q: Let $\\lambda$ be a constant"));
        CHECK(suites_test::prompt_text(math[0].requests[0]).ends_with("but $f(f(x)) = x.$\nA: The answer is"));
        CHECK(math[0].target() == "(3,4]");

        suites_test::fetch_from("paper_agieval", shared, cache.path());
        std::size_t questions = 0;
        for (const suites::Task& task : suites_test::select_tasks("paper_agieval"))
            questions += task.render(cache.path(), {.fewshot = {}, .limit = {}, .seed = 1}).size();
        CHECK(questions == 254 + 651 + 230 + 510 + 269 + 206 + 206 + 220);
        const auto shown =
            task_named("paper_agieval_lsat_ar").render(cache.path(), {.fewshot = {}, .limit = 1, .seed = 1});
        const std::string& prompt = suites_test::prompt_text(shown[0].requests[0]);
        CHECK(prompt.starts_with("A soloist will play six different guitar concertos"));
        CHECK(prompt.find("(E)X\nA: Among A through E, the answer is (E)X\n\nA six-week literature course") !=
              std::string::npos);
        CHECK(prompt.ends_with(suites_test::prompt_text(first[0].requests[0])));
        const auto bare = task_named("paper_agieval_sat_en_without_passage")
                              .render(cache.path(), {.fewshot = {}, .limit = 1, .seed = 1});
        CHECK(suites_test::prompt_text(bare[0].requests[0]).starts_with("Q: "));
        CHECK(suites_test::prompt_text(bare[0].requests[0]).find("Solar panel installations continue") ==
              std::string::npos);
    }
}
