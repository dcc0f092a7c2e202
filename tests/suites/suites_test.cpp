#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "suites/python_random.hpp"
#include "suites/task.hpp"
#include "suites/wikitext.hpp"

namespace {

using Indices = std::vector<std::size_t>;

suites::Scores grade_gsm8k(const std::string& output) {
    const suites::Task task = suites::select_tasks("gsm8k").at(0);
    suites::Item item;
    item.target = "Six times twelve. #### 72";
    return task.grade(item, {{.logprob = 0, .greedy = false, .output = output}}, {});
}

}  // namespace

TEST_SUITE("suites.random") {
// Known answers of CPython 3.11's random.Random(1234).
TEST_CASE("the generator gives the outputs of CPython") {
    suites::PythonRandom random(1234);
    for (const std::uint32_t expected : {4150886329U, 3342196574U, 1892932127U, 501869158U}) CHECK(random.next() == expected);
}

TEST_CASE("draws from a large pool advance from document to document") {
    suites::PythonRandom random(1234);
    CHECK(random.sample(7473, 5) == Indices{6374, 3610, 957, 61, 742});
    CHECK(random.sample(7473, 5) == Indices{7462, 6610, 4769, 286, 5501});
    CHECK(random.sample(7473, 5) == Indices{5677, 687, 806, 6279, 2905});
}

TEST_CASE("draws of many from a pool of ARC size are those of CPython") {
    CHECK(suites::PythonRandom(1234).sample(1119, 25) == Indices{902, 239, 15, 185, 71, 171, 201, 726, 484, 35, 63, 32, 708,
                                                                 991, 949, 304, 186, 374, 234, 29, 1030, 996, 511, 132, 1108});
    CHECK(suites::PythonRandom(1234).sample(9741, 8) == Indices{7220, 1914, 122, 1485, 9539, 572, 1375, 1612});
}

TEST_CASE("draws from a small pool are those of CPython") {
    suites::PythonRandom random(1234);
    CHECK(random.sample(20, 5) == Indices{14, 3, 0, 2, 1});
    CHECK(random.sample(20, 5) == Indices{2, 3, 11, 7, 0});
}
}

TEST_SUITE("suites.grade") {
TEST_CASE("gsm8k takes the number after the hashes strictly and the last number flexibly") {
    CHECK(grade_gsm8k("6 x 12 #### 72").at("exact_match,strict-match") == 1.0);
    CHECK(grade_gsm8k("The answer is 72.").at("exact_match,strict-match") == 0.0);
    CHECK(grade_gsm8k("The answer is 72.").at("exact_match,flexible-extract") == 1.0);
    CHECK(grade_gsm8k("#### $72").at("exact_match,strict-match") == 0.0);
    CHECK(grade_gsm8k("#### $72").at("exact_match,flexible-extract") == 1.0);
    CHECK(grade_gsm8k("#### 72.00").at("exact_match,strict-match") == 0.0);
    CHECK(grade_gsm8k("#### 72\nQuestion: next #### 5").at("exact_match,flexible-extract") == 1.0);
}

TEST_CASE("hostile output is graded and not thrown at") {
    CHECK(grade_gsm8k(std::string("\xff\xfe\0####", 7)).at("exact_match,strict-match") == 0.0);
    CHECK(grade_gsm8k("").at("exact_match,flexible-extract") == 0.0);
}

TEST_CASE("choices are normalised by code points and the first of equal ones wins") {
    const suites::Task task = suites::select_tasks("arc_easy").at(0);
    suites::Item item;
    item.choices = {"\xC3\xA9\xC3\xA9", "abcd"};  // 2 and 4 code points
    item.target = "1";
    const auto scores = task.grade(item, {{.logprob = -3, .greedy = false, .output = ""}, {.logprob = -4, .greedy = false, .output = ""}}, {});
    CHECK(scores.at("acc") == 0.0);
    CHECK(scores.at("acc_norm") == 1.0);  // -1.5 against -1
    const auto tied = task.grade(item, {{.logprob = -2, .greedy = false, .output = ""}, {.logprob = -2, .greedy = false, .output = ""}}, {});
    CHECK(tied.at("acc") == 0.0);
}
}

TEST_SUITE("suites.wikitext") {
TEST_CASE("a page is made running text") {
    CHECK(suites::wikitext_detokenize("a well @-@ known actor , born 1 @,@ 200 m away ; he \n said ( so ) .") ==
          "a well-known actor, born 1,200 m away; he\nsaid (so) .");
    CHECK(suites::wikitext_detokenize(" = = Career = = \n") == " == Career ==\n");
}

TEST_CASE("pages start at top headings and words count empty ends") {
    const auto pages = suites::wikitext_pages(" \n = One = \n text \n = = Part = = \n = Two = \n more \n");
    REQUIRE(pages.size() == 3);
    CHECK(pages[1] == " = One = \n text \n = = Part = = \n");
    CHECK(suites::wikitext_pages(" = One = \r\n text \r\n = Two = \r\n").size() == 2);
    CHECK(suites::count_words(" a b\n") == 4);
}
}

TEST_SUITE("suites.task") {
TEST_CASE("every mistake in a task names the file and the field") {
    nlohmann::json task = nlohmann::json::parse(suites::select_tasks("gsm8k").at(0).definition());
    const auto message = [](const nlohmann::json& changed) -> std::string {
        try {
            suites::Task::from_json(changed, "mine.json");
        } catch (const suites::SuiteError& error) {
            return error.what();
        }
        return "accepted";
    };
    auto misspelt = task;
    misspelt["fewshots"] = 5;
    CHECK(message(misspelt).find("mine.json: field \"fewshots\"") == 0);
    auto bad_pattern = task;
    bad_pattern["ignore"] = {"("};
    CHECK(message(bad_pattern).find("\"ignore\" has the pattern '('") != std::string::npos);
    auto without = task;
    without.erase("prompt");
    CHECK(message(without).find("\"prompt\" is missing") != std::string::npos);
    CHECK(message(task) == "accepted");
}

TEST_CASE("the demo facts render without any folder") {
    const auto items = suites::select_tasks("demo_facts").at(0).render("/nowhere", {.fewshot = {}, .limit = 2, .seed = 1});
    REQUIRE(items.size() == 2);
    CHECK(items[0].requests.size() == 4);
    CHECK(items[0].requests[0].continuation.front() == ' ');
}
}
