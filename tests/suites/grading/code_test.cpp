#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "suites/data/rows.hpp"
#include "suites/grading/generation_scores.hpp"
#include "tests/suites/helpers.hpp"

using nlohmann::json;
using suites_test::Folder;
using suites_test::task_named;

namespace {

/// The program that a task hands to its grader for an output.
std::string submitted(const suites::Task& task, const suites::Item& item, const std::string& output) {
    std::string program;
    const suites::Grader grader = [&](const suites::GradedText& text) {
        program = text.text;
        return suites::Grade{.value = 1.0};
    };
    CHECK(suites_test::grade(task, item, {{.logprob = 0, .greedy = false, .output = output}}, grader).at("pass@1") ==
          1.0);
    return program;
}

std::string rendered(const char* task, const std::string& folder, const suites::Task::RenderOptions& options) {
    return suites_test::prompt_text(task_named(task).render(folder, options).at(0).requests.at(0));
}

}  // namespace

TEST_SUITE("suites.code") {
    TEST_CASE("pass@k is the probability that one of k samples drawn from n passes") {
        CHECK(suites::grading::pass_at_k(5, 0, 1) == 0.0);
        CHECK(suites::grading::pass_at_k(5, 5, 1) == 1.0);
        CHECK(suites::grading::pass_at_k(5, 2, 1) == doctest::Approx(2.0 / 5));
        CHECK(suites::grading::pass_at_k(4, 1, 2) == doctest::Approx(0.5));              // 1 - C(3,2)/C(4,2)
        CHECK(suites::grading::pass_at_k(10, 3, 5) == doctest::Approx(1 - 21.0 / 252));  // C(7,5), C(10,5)
        CHECK(suites::grading::pass_at_k(64, 1, 64) == 1.0);
        CHECK(suites::grading::pass_at_k(10, 6, 5) == 1.0);  // less failures than k
        // Where the binomials themselves are beyond a double: 1 - C(1999,1000)/C(2000,1000) = 1000/2000.
        CHECK(suites::grading::pass_at_k(2000, 1, 1000) == doctest::Approx(0.5));
        // 1 - prod (n-c-i)/(n-i), i < k: for two of 200 and k = 100, 1 - 100*99/(200*199).
        CHECK(suites::grading::pass_at_k(200, 2, 100) == doctest::Approx(1 - 100.0 * 99.0 / (200.0 * 199.0)));
    }

    TEST_CASE("a program of HumanEval has prompt and completion up to the end of the body and test") {
        const suites::Task task = task_named("humaneval");
        suites::Item item;
        item.document =
            json{{"prompt", "def f():\n"}, {"test", "def check(c):\n    assert c() == 1\n"}, {"entry_point", "f"}}
                .dump();
        CHECK(submitted(task, item, "    return 1\n\ndef g():\n    pass") ==
              "def f():\n    return 1\n\ndef check(c):\n    assert c() == 1\n\ncheck(f)");
        for (const char* stop : {"class X", "def g", "# more", "if x", "print(1)"}) {
            CAPTURE(stop);
            CHECK(submitted(task, item, std::string("    return 1\n") + stop)
                      .starts_with("def f():\n    return 1\ndef check"));
        }
        CHECK(task.runs_programs());
        CHECK(task_named("paper_humaneval").runs_programs());
        // Without the grader nothing is scored, rather than wrong.
        CHECK(
            suites_test::grade(task, item, {{.logprob = 0, .greedy = false, .output = "    return 1"}}).at("pass@1") ==
            std::nullopt);
    }

    TEST_CASE("a filter removes the space that lm-evaluation-harness's decoder loses") {
        const suites::Task task =
            task_named("humaneval")
                .with({{"filters", {{{"name", "alone"}, {"steps", {{{"transform", "drop_space"}}}}}}},
                       {"metrics", {"pass@1,alone"}}});
        suites::Item item;
        item.document = json{{"prompt", "def f():\n"}, {"test", "t"}, {"entry_point", "f"}}.dump();
        std::string program;
        const suites::Grader grader = [&](const suites::GradedText& text) {
            program = text.text;
            return suites::Grade{.value = 0.0};
        };
        suites_test::grade(task, item, {{.logprob = 0, .greedy = false, .output = "    return 1"}}, grader);
        CHECK(program == "def f():\n   return 1\nt\ncheck(f)");
        CHECK(submitted(task_named("humaneval"), item, "    return 1") == "def f():\n    return 1\nt\ncheck(f)");
    }

    TEST_CASE("mbpp shows three tests and uses them for grading") {
        const std::string shared = suites_test::shared_data();
        if (shared.empty()) {
            MESSAGE("skipped: the public data sets are not there (BELLWETHER_SHARED)");
            return;
        }
        const Folder cache;
        suites_test::fetch_from("mbpp", shared, cache.path());
        const suites::Task task = task_named("mbpp");
        const auto items = task.render(cache.path(), {.fewshot = {}, .limit = {}, .seed = 1});
        CHECK(items.size() == 500);
        const json first = json::parse(items[0].document);
        CHECK(first.at("task_id") == 11);
        CHECK(json::parse(items.back().document).at("task_id") == 510);
        const auto question = [](const json& row) {
            std::string text =
                "You are an expert Python programmer, and here is your task: " + row.at("text").get<std::string>() +
                " Your code should pass these tests:\n\n";
            for (std::size_t i = 0; i < 3; ++i) text += row.at("test_list").at(i).get<std::string>() + "\n";
            return text + "[BEGIN]\n";
        };
        std::string expected;
        for (const suites::Row& row : suites::data::read_rows(shared + "/mbpp/mbpp.jsonl")) {
            const int id = row.at("task_id").get<int>();
            if (id >= 2 && id <= 4) expected += question(row) + row.at("code").get<std::string>() + "\n[DONE]\n\n";
        }
        CHECK(expected.find("\r\n") != std::string::npos);  // the examples' own line ends
        CHECK(suites_test::prompt_text(items[0].requests.at(0)) == expected + question(first));
        CHECK(suites_test::generation(items[0].requests[0]).until == std::vector<std::string>{"[DONE]"});
        std::string program = "x = 1\n\n";
        for (std::size_t i = 0; i < 3; ++i) program += "\n" + first.at("test_list").at(i).get<std::string>();
        CHECK(submitted(task, items[0], "x = 1\n[DONE]\nmore") == program);
    }

    TEST_CASE("eight worked examples in words come before a question of grade-school arithmetic") {
        const Folder cache;
        cache.write("gsm8k/main/test.jsonl", R"({"question": "How many?", "answer": "Two. #### 2"})");
        const std::string prompt = rendered("gsm8k_cot", cache.path(), {.fewshot = {}, .limit = {}, .seed = 1});
        CHECK(prompt.starts_with(
            "Q: There are 15 trees in the grove. Grove workers will plant trees in the grove today. "));
        CHECK(prompt.find(
                  "How many trees did the grove workers plant today?\nA: There are 15 trees originally. Then there "
                  "were 21 trees after some more were planted. So there must have been 21 - 15 = 6. The answer is "
                  "6.\n\nQ: If there are 3 cars") != std::string::npos);
        CHECK(prompt.ends_with("23 - 15 is 8. The answer is 8.\n\nQ: How many?\nA:"));
        suites::Item item;
        item.document = "{}";
        item.reference = "Two. #### 2";
        const suites::Task task = task_named("gsm8k_cot");
        const auto scores = suites_test::grade(
            task, item, {{.logprob = 0, .greedy = false, .output = " So. The answer is 2.\n\nQ: 5"}});
        CHECK(scores.at("exact_match,strict-match") == 1.0);
        CHECK(scores.at("exact_match,flexible-extract") == 1.0);
    }

    TEST_CASE("self-consistency takes the most common answer of 8 and of 64 samples") {
        const suites::Task task = task_named("gsm8k_cot_self_consistency");
        suites::Item item;
        item.document = "{}";
        item.reference = "#### 2";
        std::vector<suites::Response> responses(64);
        const auto say = [&](std::size_t from, std::size_t to, const std::string& output) {
            for (std::size_t i = from; i < to; ++i) responses[i].output = output;
        };
        say(0, 4, "The answer is 3.");
        say(4, 8, "The answer is 2.");  // as many, but later
        say(8, 50, "The answer is 2.");
        say(50, 64, "I do not know.");
        const auto scores = suites_test::grade(task, item, responses);
        CHECK(scores.at("exact_match,score-first") == 0.0);
        CHECK(scores.at("exact_match,maj@8") == 0.0);
        CHECK(scores.at("exact_match,maj@64") == 1.0);
        say(4, 8, "The answer is 1,002.\n\nThe answer is 4.");
        say(0, 4, "no answer");
        CHECK(suites_test::grade(task, item, responses).at("exact_match,maj@8") ==
              0.0);  // a failed extraction votes too
        item.reference = "#### 1002";
        say(3, 4, "The answer is 1,002");
        CHECK(suites_test::grade(task, item, responses).at("exact_match,maj@8") == 1.0);
    }
}
