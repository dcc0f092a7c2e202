#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "harness/base/usage_error.hpp"
#include "harness/study/definition.hpp"

using namespace harness::study;

namespace {

const std::string kGood = R"({"study": 1, "name": "a", "protocol": "pairwise", "runs": ["1", "2"]})";

/// The good file with other fields.
std::string with(const std::string& fields) {
    return kGood.substr(0, kGood.size() - 1) + ", " + fields + "}";
}

std::string mistake(const std::string& text) {
    try {
        parse_definition(text, "STUDY.json");
    } catch (const harness::base::UsageError& error) {
        return error.what();
    }
    return "no mistake";
}

std::string gold(const std::string& fields) {
    return with(R"("gold": [{"prompt": "p", "answers": ["a", "b"], "right": "first")" + fields + "}]");
}

}  // namespace

TEST_SUITE("harness.study") {
    TEST_CASE("a definition with only what it needs has the defaults of the paper") {
        const Definition study = parse_definition(kGood, "STUDY.json");
        CHECK(study.raters_per_item == 3);
        CHECK(study.assignment == Assignment::Plain);
        CHECK(study.lease_minutes == 10);
        CHECK(study.prompts == 0);
        CHECK_FALSE(study.scrub);
    }

    TEST_CASE("a written definition reads back as the same text with every field") {
        const Definition study = parse_definition(
            with(R"("question": "Which?", "tasks": ["t"], "prompts": 9, "answers_per_prompt": 2, "stratify": "hazard",
                "seed": 9007199254740991, "raters_per_item": 5, "scrub": true, "lease_minutes": 20, "session_items": 30,
                "break_minutes": 5, "items_per_rater": 100, "assignment": "adaptive", "check_every": 7,
                "gold": [{"turns": [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}],
                          "answers": ["a", ""], "right": [1, 2]}],
                "attention": [{"prompt": "Press 7", "answers": ["a", "b"], "right": [7, 7]}],
                "practice": [{"prompt": "p", "answers": ["a", "b"], "right": "second", "feedback": "why"}])"),
            "STUDY.json");
        const std::string text = definition_text(study);
        CHECK(definition_text(parse_definition(text, "again")) == text);
        CHECK(study.seed == 9007199254740991);
        CHECK(study.gold[0].turns.size() == 2);
        CHECK(study.practice[0].right.low == 5);
        CHECK(study.practice[0].feedback == "why");
    }

    TEST_CASE("each mistake in a study file is named with its place") {
        const std::pair<std::string, const char*> kMistakes[] = {
            {"", "STUDY.json"},
            {"{", "STUDY.json"},
            {"[]", "expected an object with the fields of a study, found a list"},
            {"null", "found null"},
            {std::string(100, '['), "nested more than 20 levels deep"},
            {R"({"study": 1, "study": 1})", "duplicate key study"},
            {R"({"name": "a", "protocol": "pairwise", "runs": ["1", "2"]})", "study: is missing"},
            {R"({"study": 2, "name": "a", "protocol": "pairwise", "runs": ["1", "2"]})",
             "study: expected an integer from 1 to 1, found 2"},
            {R"({"study": 1, "protocol": "pairwise", "runs": ["1", "2"]})", "name: is missing"},
            {R"({"study": 1, "name": "", "protocol": "pairwise", "runs": ["1", "2"]})", "name: is empty"},
            {R"({"study": 1, "name": "  ", "protocol": "pairwise", "runs": ["1", "2"]})", "name: has only spaces"},
            {R"({"study": 1, "name": 5, "protocol": "pairwise", "runs": ["1", "2"]})",
             "name: expected a string, found 5"},
            {R"({"study": 1, "name": "a\u001b[2J", "protocol": "pairwise", "runs": ["1", "2"]})",
             "name: has a control character"},
            {R"({"study": 1, "name": ")" + std::string(101, 'x') + R"(", "protocol": "safety", "runs": ["1"]})",
             "name: has 101 bytes; at most 100"},
            {R"({"study": 1, "name": "a", "runs": ["1", "2"]})", "protocol: is missing"},
            {R"({"study": 1, "name": "a", "protocol": "pairwize", "runs": ["1", "2"]})", "did you mean \"pairwise\""},
            {R"({"study": 1, "name": "a", "protocol": "pairwise"})", "runs: is missing"},
            {R"({"study": 1, "name": "a", "protocol": "pairwise", "runs": "1"})", "runs: expected a list"},
            {R"({"study": 1, "name": "a", "protocol": "pairwise", "runs": ["1"]})", "needs at least two runs"},
            {R"({"study": 1, "name": "a", "protocol": "safety", "runs": []})", "needs at least one run"},
            {R"({"study": 1, "name": "a", "protocol": "pairwise", "runs": ["1", "1"]})", "'1' is there twice"},
            {R"({"study": 1, "name": "a", "protocol": "pairwise", "runs": ["1", 2]})",
             "runs[1]: expected a string that is not empty, found 2"},
            {with(R"("raters": 3)"), "raters: unknown field; known: answers_per_prompt"},
            {with(R"("raters_per_item": 0)"), "raters_per_item: expected an integer from 1 to 100, found 0"},
            {with(R"("raters_per_item": 2.5)"), "found 2.5"},
            {with(R"("raters_per_item": "3")"), "found a string"},
            {with(R"("prompts": -1)"), "prompts: expected an integer from 0"},
            {with(R"("prompts": 1e99)"), "prompts: expected an integer"},
            {with(R"("seed": 9007199254740992)"), "seed: expected an integer"},
            {with(R"("scrub": "yes")"), "scrub: expected true or false, found a string"},
            {with(R"("lease_minutes": 0)"), "lease_minutes: expected"},
            {with(R"("check_every": 1)"), "check_every: expected"},
            {with(R"("assignment": "clever")"), "assignment: unknown word 'clever'"},
            {R"({"study": 1, "name": "a", "protocol": "safety", "runs": ["1"], "assignment": "adaptive"})",
             "for pairwise studies only"},
            {with(R"("gold": {})"), "gold: expected a list, found an object"},
            {with(R"("gold": [5])"), "gold[0]: expected an object, found 5"},
            {gold(R"(, "turns": [])"), "is there beside \"turns\""},
            {gold(R"(, "weight": 2)"), "gold[0].weight: unknown field"},
            {with(R"("gold": [{"answers": ["a", "b"], "right": "first"}])"), "gold[0].prompt: is missing"},
            {with(R"("gold": [{"prompt": "p", "answers": ["a"], "right": "first"}])"),
             "gold[0].answers: expected a list of 2 for a pairwise study, found 1"},
            {with(R"("gold": [{"prompt": "p", "answers": ["a", 1], "right": "first"}])"), "gold[0].answers[1]"},
            {with(R"("gold": [{"prompt": "p", "answers": ["a", "b"]}])"), "gold[0].right: expected"},
            {with(R"("gold": [{"prompt": "p", "answers": ["a", "b"], "right": [3, 2]}])"), "within 1 to 7"},
            {with(R"("gold": [{"prompt": "p", "answers": ["a", "b"], "right": [1, 8]}])"), "within 1 to 7"},
            {with(R"("gold": [{"prompt": "p", "answers": ["a", "b"], "right": "violation"}])"),
             R"("first", "same", "second")"},
            {with(R"("practice": [{"turns": [{"role": "user"}], "answers": ["a", "b"], "right": "same"}])"),
             "practice[0].turns[0].content: is missing"},
            {with(
                 R"("practice": [{"turns": [{"role": "tool", "content": "x"}], "answers": ["a", "b"], "right": "same"}])"),
             "unknown word 'tool'"},
            {with(R"("practice": [{"turns": [{"role": "assistant", "content": "x"}], "answers": ["a", "b"],)"
                  R"("right": "same"}])"),
             "must end with a turn of the user"},
            {with(R"("attention": [{"prompt": 7, "answers": ["a", "b"], "right": "same"}])"),
             "attention[0].prompt: expected a string"},
            {with("\"question\": \"\xFF\""), "STUDY.json"},
        };
        for (const auto& refused : kMistakes) {
            const std::string& text = refused.first;
            CAPTURE(text);
            const std::string message = mistake(text);
            CAPTURE(message);
            CHECK(message.find(refused.second) != std::string::npos);
            CHECK(message.starts_with("STUDY.json"));
        }
        MESSAGE(std::size(kMistakes), " kinds of mistakes");
    }

    TEST_CASE("all mistakes of a study file are told at once with one line each") {
        const std::string message = mistake(R"({"study": 1, "protocol": "pairwise", "runs": ["1"], "seed": "x",
            "scrub": 1, "gold": [{"prompt": "", "answers": [], "right": 9}]})");
        CHECK(std::count(message.begin(), message.end(), '\n') == 6);
    }

    TEST_CASE("thousands of mistakes give a short message") {
        std::string text = with(R"("gold": [5)");
        text.erase(text.size() - 1);
        for (int i = 0; i < 900; ++i) text += ",5";
        const std::string message = mistake(text + "]}");
        CHECK(message.size() < 4000);
        CHECK(message.find("and 861 more mistakes") != std::string::npos);
    }

    TEST_CASE("a choice is complete when it has all that its protocol asks") {
        using harness::store::Choice;
        CHECK(mistake_in(Protocol::Pairwise, {.value = 7}).empty());
        CHECK(mistake_in(Protocol::Pairwise, {.value = 4, .both_bad = true}).empty());
        CHECK(mistake_in(Protocol::Safety, {.value = 1}).empty());
        CHECK(mistake_in(Protocol::Preference, {.value = 8, .left_safe = true, .right_safe = false}).empty());
        CHECK_FALSE(mistake_in(Protocol::Safety, {.value = 6}).empty());
        CHECK_FALSE(mistake_in(Protocol::Safety, {.value = 2, .both_bad = true}).empty());
        CHECK_FALSE(mistake_in(Protocol::Preference, {.value = 8}).empty());
    }

    TEST_CASE("checks are read from a file of rows") {
        const auto checks = parse_checks(R"({"prompt": "p", "answers": ["a", "b"], "right": "second"})"
                                         "\n"
                                         R"({"prompt": "q", "answers": ["a", "b"], "right": [4, 4]})",
                                         "gold.jsonl", Protocol::Pairwise);
        REQUIRE(checks.size() == 2);
        CHECK(checks[0].right.high == 7);
        CHECK_THROWS_AS(parse_checks("", "gold.jsonl", Protocol::Pairwise), harness::base::UsageError);
        CHECK_THROWS_AS(parse_checks(R"({"prompt": "p"})", "gold.jsonl", Protocol::Pairwise),
                        harness::base::UsageError);
    }
}
