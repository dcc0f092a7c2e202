#include "suites/transforms/bbh.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "suites/data/rows.hpp"
#include "tests/suites/helpers.hpp"

using suites::transforms::bbh_answer;
using suites_test::Folder;
using suites_test::graded;
using suites_test::task_named;

namespace {

/// An original prompt without its header.
std::string original_prompt(const std::string& shared, const std::string& subtask) {
    const std::string text = suites::read_text(shared + "/bbh/cot-prompts/" + subtask + ".txt");
    return text.substr(text.find("-----\n") + 6);
}

}  // namespace

TEST_SUITE("suites.bbh") {
    TEST_CASE("the answer is the rest of the line without its last character") {
        CHECK(bbh_answer("So the answer is False.") == "False");
        CHECK(bbh_answer("So the answer is (A)") == "(A");
        CHECK(bbh_answer("the answer is 5. So the answer is 7.") == "5. So the answer is 7");
        CHECK(bbh_answer("So the answer is ] }.\nmore.") == "] }");
        CHECK(bbh_answer("So the answer is (B). ") == "(B).");
        CHECK(bbh_answer("the answer is \nthe answer is no.") == "no");  // nothing on the line: the next one
        CHECK(bbh_answer("the answer is 5") == "");
        CHECK(bbh_answer("the answer is caf\xC3\xA9") == "caf");  // a character, not a byte
        CHECK(bbh_answer("The Answer Is 5.") == std::nullopt);
        CHECK(bbh_answer("the answer is") == std::nullopt);
        CHECK(bbh_answer("the answer is ") == std::nullopt);
        CHECK(bbh_answer("") == std::nullopt);
    }

    TEST_CASE("chains of thought are cut at any capital Q and graded by their answer") {
        const char* task = "bbh_cot_fewshot_boolean_expressions";
        CHECK(graded(task, "So the answer is True.", "True").at("exact_match,get-answer") == 1.0);
        CHECK(graded(task, "So the answer is true.", "True").at("exact_match,get-answer") == 0.0);
        CHECK(graded(task, "A Question: So the answer is True.", "True").at("exact_match,get-answer") == 0.0);
        CHECK(graded(task, "x\n\nSo the answer is True.", "True").at("extraction_failed,get-answer") == 1.0);
        CHECK(graded("bbh_fewshot_boolean_expressions", " True\n\nQ: next", "True").at("exact_match,none") == 1.0);
        CHECK(graded("bbh_fewshot_boolean_expressions", "True", "True").at("exact_match,none") == 1.0);
        CHECK(graded("bbh_fewshot_boolean_expressions", " True\n", "True").at("exact_match,none") == 0.0);
    }

    TEST_CASE("prompts of all 27 tasks equal the original files") {
        const std::string shared = suites_test::shared_data();
        if (shared.empty()) {
            MESSAGE("skipped: the public data sets are not there (BELLWETHER_SHARED)");
            return;
        }
        const Folder cache;
        suites_test::fetch_from("bbh", shared, cache.path());
        const std::string prefix = "bbh_cot_fewshot_";
        std::size_t questions = 0;
        std::size_t equal = 0;
        std::size_t tasks = 0;
        for (const suites::Task& task : suites_test::select_tasks("bbh")) {
            ++tasks;
            const std::string subtask = task.name().substr(prefix.size());
            CAPTURE(subtask);
            const auto items = task.render(cache.path(), {.fewshot = {}, .limit = {}, .seed = 1});
            questions += items.size();
            const auto row = nlohmann::json::parse(items.at(0).document);
            const std::string question =
                "\n\nQ: " + row.at("input").get<std::string>() + "\nA: Let's think step by step.\n";
            std::string expected = original_prompt(shared, subtask);
            if (subtask == "sports_understanding") {
                // This file has a space where the other files and lm-evaluation-harness have a line break.
                const std::string think = "A: Let's think step by step.";
                for (std::size_t at = 0; (at = expected.find(think + " ", at)) != std::string::npos; ++at)
                    expected[at + think.size()] = '\n';
            }
            CHECK(suites_test::prompt_text(items[0].requests.at(0)) == expected + question);
            if (suites_test::prompt_text(items[0].requests[0]) == original_prompt(shared, subtask) + question) ++equal;
            CHECK(items[0].target() == row.at("target"));
            CHECK(suites_test::generation(items[0].requests[0]).max_tokens == 1024);
        }
        CHECK(tasks == 27);
        CHECK(equal == 26);
        CHECK(questions == 6511);
    }

    TEST_CASE("direct answers have the same few-shot examples without chains of thought") {
        const std::string shared = suites_test::shared_data();
        if (shared.empty()) {
            MESSAGE("skipped: the public data sets are not there (BELLWETHER_SHARED)");
            return;
        }
        const Folder cache;
        suites_test::fetch_from("bbh_fewshot_boolean_expressions", shared, cache.path());
        const auto items =
            task_named("bbh_fewshot_boolean_expressions").render(cache.path(), {.fewshot = {}, .limit = 1, .seed = 1});
        CHECK(suites_test::prompt_text(items[0].requests[0]) ==
              "Evaluate the result of a random Boolean expression.\n\n"
              "Q: not ( ( not not True ) ) is\nA: False\n\n"
              "Q: True and False and not True and True is\nA: False\n\n"
              "Q: not not ( not ( False ) ) is\nA: True\n\n"
              "Q: not ( True ) and ( True ) is\nA:");
        CHECK(suites_test::generation(items[0].requests[0]).until == std::vector<std::string>{"</s>", "Q", "\n\n"});
    }

    TEST_CASE("a prompt file of another form is reported with its row") {
        const Folder original, cache;
        original.write("bbh/snarks.json", R"({"examples": [{"input": "i", "target": "t"}]})");
        original.write("cot-prompts/snarks.txt", "canary\n-----\nAbout.\n\nQ: a\nA: Let's think step by step.\nNo end");
        CHECK(suites_test::complaint([&] {
                  suites_test::fetch_from("bbh_cot_fewshot_snarks", original.path(), cache.path());
              }).find("snarks.txt: row 1: not 'Q: ...'") != std::string::npos);
    }
}
