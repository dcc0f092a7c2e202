#include <doctest/doctest.h>
#include <cmath>
#include <nlohmann/json.hpp>

#include "suites/definition/filter.hpp"
#include "suites/grading/filter_answers.hpp"
#include "suites/grading/generation_scores.hpp"
#include "suites/transforms/squad.hpp"
#include "tests/suites/helpers.hpp"

using nlohmann::json;
using suites_test::task_named;
using Items = std::vector<suites::Scores>;

namespace {

std::vector<suites::Response> log_probabilities(const std::vector<double>& values) {
    std::vector<suites::Response> responses;
    responses.reserve(values.size());
    for (const double value : values) responses.push_back({.logprob = value, .greedy = false, .output = ""});
    return responses;
}

suites::Scores grade_text(const suites::Task& task, const std::string& output, const std::string& target,
                          const std::vector<std::string>& references = {}) {
    suites::Item item;
    item.document = "{}";
    item.reference = target;
    item.references = references;
    return suites_test::grade(task, item, {{.logprob = 0, .greedy = false, .output = output}});
}

suites::Scores grade_gsm8k(const std::string& output) {
    return grade_text(task_named("gsm8k"), output, "Six times twelve. #### 72");
}

/// The text that a filter, in a task file's form, extracts from an output.
std::optional<std::string> taken_by(const json& filter, const std::string& output) {
    using namespace suites;
    return grading::filter_answers(definition::parse_filter(definition::Fields(filter, "test")), {output}).at(0);
}

/// The text that one of gsm8k's filters extracts from an output.
std::string extracted(const std::string& filter_name, const std::string& output) {
    const json definition = json::parse(task_named("gsm8k").definition());
    for (const json& filter : definition["filters"]) {
        if (filter["name"] == filter_name) return taken_by(filter, output).value_or("[invalid]");
    }
    return "no such filter";
}

suites::Item choices(const std::vector<std::string>& texts, const std::vector<std::size_t>& correct) {
    suites::Item item;
    item.choices = texts;
    item.correct = correct;
    return item;
}

}  // namespace

TEST_SUITE("suites.grade") {
    TEST_CASE("gsm8k extracts the number after the hashes strictly and the last number flexibly") {
        // Before the deletions of the comparison, which take commas, dollars and the last point away.
        CHECK(extracted("strict-match", "so $1,234.50. #### 1,234.50.") == "1,234.50.");
        CHECK(extracted("strict-match", "#### $70") == "[invalid]");
        CHECK(extracted("flexible-extract", "#### $70") == "$70");
        CHECK(extracted("strict-match", "The answer is 7.") == "[invalid]");
        CHECK(extracted("flexible-extract", "The answer is 7.") == "7.");
        CHECK(extracted("flexible-extract", "no digits ...") == "...");
        CHECK(extracted("strict-match", "#### 1\n#### 2") == "1");
        CHECK(extracted("flexible-extract", "first 12 then 34") == "34");
    }

    TEST_CASE("an extraction fails if all of several groups are empty but not if a single one is") {
        const auto taken = [](const char* pattern, const char* take, const char* output) {
            const json filter = {{"name", "f"}, {"pattern", pattern}, {"take", take}};
            return taken_by(filter, output);
        };
        CHECK(taken("is (a?)(b?)", "first", "is b") == "b");
        CHECK(taken("is (a?)(b?)", "first", "is c") == std::nullopt);
        CHECK(taken("is (a?)(b?)", "last", "is a, is c") == std::nullopt);  // the last match, not the last answer
        CHECK(taken("is (a?)", "first", "is c") == "");
        CHECK(taken("is a?", "last", "is a, is c") == "is");
    }

    TEST_CASE("gsm8k compares after deleting commas dollars the way and the last point") {
        CHECK(grade_text(task_named("gsm8k"), "so $1,234.50. #### 1,234.50.", "#### 1234.50")
                  .at("exact_match,strict-match") == 1.0);
        CHECK(grade_gsm8k("6 x 12 #### 72").at("exact_match,strict-match") == 1.0);
        CHECK(grade_gsm8k("The answer is 72.").at("exact_match,strict-match") == 0.0);
        CHECK(grade_gsm8k("The answer is 72.").at("exact_match,flexible-extract") == 1.0);
        CHECK(grade_gsm8k("#### $72").at("exact_match,strict-match") == 0.0);
        CHECK(grade_gsm8k("#### $72").at("exact_match,flexible-extract") == 1.0);
        CHECK(grade_gsm8k("#### 72.00").at("exact_match,strict-match") == 0.0);
        CHECK(grade_gsm8k("#### 72\nQuestion: next #### 5").at("exact_match,flexible-extract") == 1.0);
    }

    TEST_CASE("failed extraction and truncation and empty output are counted separately from wrong answers") {
        const auto failed = grade_gsm8k("I do not know.");
        CHECK(failed.at("exact_match,strict-match") == 0.0);
        CHECK(failed.at("extraction_failed,strict-match") == 1.0);
        const auto wrong = grade_gsm8k("#### 71");
        CHECK(wrong.at("exact_match,strict-match") == 0.0);
        CHECK(wrong.at("extraction_failed,strict-match") == 0.0);
        CHECK(grade_gsm8k("").at("empty_output") == 1.0);
        CHECK(wrong.at("empty_output") == 0.0);
        CHECK_FALSE(wrong.contains("length_limited"));  // the response has no finish reason
        CHECK_FALSE(wrong.contains("prompt_truncated"));

        suites::Item item;
        item.reference = "#### 72";
        const auto cut = suites_test::grade(
            task_named("gsm8k"), item,
            {{.logprob = 0, .greedy = false, .output = "x", .truncated = true, .length_limited = true}});
        CHECK(cut.at("length_limited") == 1.0);
        CHECK(cut.at("prompt_truncated") == 1.0);
        std::vector<std::string> counters;
        for (const auto& counter : task_named("gsm8k").counters()) counters.push_back(counter.name);
        CHECK(counters == std::vector<std::string>{"extraction_failed,strict-match",
                                                   "extraction_failed,flexible-extract", "empty_output",
                                                   "length_limited", "prompt_truncated"});
    }

    TEST_CASE("bytes that are not UTF-8 do not hide the answer after them") {
        const suites::Task minerva = task_named("minerva_math_algebra");
        const std::string said = "Final Answer: The final answer is $5$\xE2\x82. I hope it is correct.";
        CHECK(grade_text(minerva, said, "5").at("extraction_failed,none") == 0.0);
        CHECK(grade_text(minerva, said, "5").at("exact_match,none") == 1.0);  // the text outside the dollars is removed
        CHECK(grade_text(task_named("nq_open"), " caf\xC3", "", {"caf\uFFFD"}).at("exact_match,remove_whitespace") ==
              1.0);
    }

    TEST_CASE("hostile output is graded without an exception") {
        CHECK(grade_gsm8k(std::string("\xff\xfe\0####", 7)).at("exact_match,strict-match") == 0.0);
        CHECK(grade_gsm8k("").at("exact_match,flexible-extract") == 0.0);
        CHECK(grade_text(task_named("squadv2"), std::string("\xff\xc3", 2), "x").at("f1") == 0.0);
        CHECK(grade_text(task_named("triviaqa"), std::string(1 << 20, '('), "x").at("exact_match,remove_whitespace") ==
              0.0);
    }

    TEST_CASE("choices are normalised by code points or bytes and the first of equal ones wins") {
        const suites::Task task = task_named("arc_easy").with({{"metrics", {"acc", "acc_norm", "acc_bytes"}}});
        // An empty choice divides by 0 in the reference: minus infinity, never the best.
        const auto empty = suites_test::grade(task, choices({"", "abcd"}, {1}), log_probabilities({-0.5, -8}));
        CHECK(empty.at("acc") == 0.0);
        CHECK(empty.at("acc_norm") == 1.0);
        CHECK(empty.at("acc_bytes") == 1.0);
        // Two code points of two bytes each against four of one.
        const auto scores =
            suites_test::grade(task, choices({"\xC3\xA9\xC3\xA9", "abcd"}, {1}), log_probabilities({-3, -4}));
        CHECK(scores.at("acc") == 0.0);
        CHECK(scores.at("acc_norm") == 1.0);   // -1.5 against -1
        CHECK(scores.at("acc_bytes") == 0.0);  // -0.75 against -1
        CHECK(suites_test::grade(task, choices({"a", "b"}, {1}), log_probabilities({-2, -2})).at("acc") == 0.0);
    }

    TEST_CASE("any of several correct choices counts") {
        const suites::Task task = task_named("arc_easy");
        CHECK(suites_test::grade(task, choices({"a", "b", "c"}, {0, 2}), log_probabilities({-2, -3, -1})).at("acc") ==
              1.0);
        CHECK(suites_test::grade(task, choices({"a", "b", "c"}, {0, 2}), log_probabilities({-2, -1, -3})).at("acc") ==
              0.0);
    }

    TEST_CASE("mc2 is the share of probability on the true choices") {
        const suites::Task task = task_named("truthfulqa_mc2");
        // exp: 0.5, 0.25, 0.25 and 0.1; true are the first two.
        const auto scores =
            suites_test::grade(task, choices({"a", "b", "c", "d"}, {0, 1}),
                               log_probabilities({std::log(0.5), std::log(0.25), std::log(0.25), std::log(0.1)}));
        CHECK(*scores.at("mc2") == doctest::Approx(0.75 / 1.1));
        // Far below what a double can hold without taking the largest out first.
        const auto small =
            suites_test::grade(task, choices({"a", "b"}, {0}), log_probabilities({-2000, -2000 + std::log(3.0)}));
        CHECK(*small.at("mc2") == doctest::Approx(0.25));
    }

    TEST_CASE("the calibrated accuracy subtracts the likelihood after the calibration text") {
        const suites::Task task = task_named("paper_boolq");
        // "yes" is more likely after the question, but even more so after "Answer:" alone.
        const auto scores = suites_test::grade(task, choices({"no", "yes"}, {0}), log_probabilities({-3, -2, -5, -3}));
        CHECK(scores.at("acc_calibrated") == 1.0);  // 2 against 1
        CHECK(suites_test::grade(task, choices({"no", "yes"}, {0}), log_probabilities({-3, -2})).at("acc_calibrated") ==
              std::nullopt);
    }

    TEST_CASE("a continuation is correct if every token is the most likely") {
        const suites::Task task = task_named("lambada_openai");
        const auto hit =
            suites_test::grade(task, choices({"signs"}, {0}), {{.logprob = -2, .greedy = true, .output = ""}});
        const auto miss =
            suites_test::grade(task, choices({"signs"}, {0}), {{.logprob = -4, .greedy = false, .output = ""}});
        CHECK(hit.at("acc") == 1.0);
        CHECK(miss.at("acc") == 0.0);
        const auto perplexity = suites::aggregate(task.metrics().at(1), Items{hit, miss});
        REQUIRE(perplexity);
        CHECK(perplexity->value == doctest::Approx(std::exp(3.0)));
        CHECK(perplexity->standard_error == doctest::Approx(std::exp(3.0)));  // of -2 and -4: sqrt(2)/sqrt(2)
    }

    TEST_CASE("trivia answers match any alias without case and punctuation") {
        const suites::Task task = task_named("triviaqa");
        CHECK(grade_text(task, " onions. They are", "", {"Allium", "Onions"}).at("exact_match,remove_whitespace") ==
              1.0);
        CHECK(grade_text(task, " dik-dik\n", "", {"Dikdik"}).at("exact_match,remove_whitespace") == 1.0);
        CHECK(grade_text(task, " St. Louis", "", {"St. Louis"}).at("exact_match,remove_whitespace") ==
              0.0);  // cut at the point, as the reference does
        CHECK(grade_text(task, " onion soup", "", {"Onion"}).at("exact_match,remove_whitespace") == 0.0);
    }

    TEST_CASE("natural questions delete articles that are capitalised or before a word") {
        const suites::Task task = task_named("nq_open");
        CHECK(grade_text(task, " The Beatles", "", {"Beatles"}).at("exact_match,remove_whitespace") == 1.0);
        CHECK(grade_text(task, " december 1972", "", {"14 December 1972 UTC", "December 1972"})
                  .at("exact_match,remove_whitespace") == 1.0);
    }

    TEST_CASE("squad scores answerable and unanswerable questions separately") {
        const suites::Task task = task_named("squadv2");
        suites::Item item;
        item.references = {"France", "in France"};
        const auto answered = suites_test::grade(task, item,
                                                 {{.logprob = 0, .greedy = false, .output = " France\nmore"},
                                                  {.logprob = std::log(0.2), .greedy = false, .output = ""}});
        CHECK(answered.at("exact") == 1.0);
        CHECK(answered.at("HasAns_f1") == 1.0);
        CHECK(answered.at("NoAns_exact") == std::nullopt);
        CHECK(*answered.at("no_answer_probability") == doctest::Approx(0.2));

        suites::Item none;
        none.unanswerable = true;
        none.reference = "[]";
        const auto said = suites_test::grade(task, none,
                                             {{.logprob = 0, .greedy = false, .output = " unanswerable"},
                                              {.logprob = std::log(0.9), .greedy = false, .output = ""}});
        CHECK(said.at("NoAns_exact") == 0.0);  // only the empty answer is correct, as in lm-evaluation-harness
        CHECK(said.at("HasAns_exact") == std::nullopt);
        CHECK(suites_test::grade(task, none, {{.logprob = 0, .greedy = false, .output = "\n"}}).at("NoAns_exact") ==
              1.0);

        // best_exact: with a threshold between 0.2 and 0.9 only the first item is answered, and both items are correct.
        const auto metrics = task.metrics();
        const auto best = std::find_if(metrics.begin(), metrics.end(),
                                       [](const auto& metric) { return metric.name == "best_exact"; });
        REQUIRE(best != metrics.end());
        const auto both = suites::aggregate(*best, Items{answered, said});
        REQUIRE(both);
        CHECK(both->value == 1.0);
        const auto exact = suites::aggregate(metrics.at(0), Items{answered, said});
        REQUIRE(exact);
        CHECK(exact->value == 0.5);

        // For `exact`, words that normalise to nothing count as an empty answer, but the official search for the
        // threshold subtracts a point for any words where there is no answer.
        const auto unanswered = [&](const char* output) {
            return suites_test::grade(task, none,
                                      {{.logprob = 0, .greedy = false, .output = output},
                                       {.logprob = std::log(0.1), .greedy = false, .output = ""}});
        };
        CHECK(unanswered(" the.").at("exact") == 1.0);
        CHECK(suites::aggregate(*best, Items{unanswered(" the."), answered})->value == 0.5);
        CHECK(suites::aggregate(*best, Items{unanswered("\nx"), answered})->value == 1.0);
        CHECK(suites::aggregate(*best, Items{unanswered(" \nx"), answered})->value ==
              1.0);  // a single space counts as no answer
    }

    TEST_CASE("QuAC leaves out each reference in turn and drops questions without agreement") {
        using suites::transforms::quac_f1;
        CHECK(*quac_f1("red car", {"red car", "red car", "blue"}) == doctest::Approx(1.0));
        CHECK_FALSE(quac_f1("x", {"red", "blue", "green"}));
        CHECK(*quac_f1("red", {"red car"}) == doctest::Approx(2.0 / 3.0));
        // Only without "red" itself the best is 2/3.
        CHECK(*quac_f1("red", {"red car", "red car", "red"}) == doctest::Approx((1 + 1 + 2.0 / 3.0) / 3));
    }

    TEST_CASE("QuAC decides by the majority of the references whether there is an answer") {
        using suites::transforms::quac_f1;
        const std::string none = "CANNOTANSWER";
        // Half of the references are enough for "no answer": then the others' answer gets 0, and each of four ways to
        // say so gets 1.
        for (const char* said : {"CANNOTANSWER", "Cannot answer.", "not enough information", "Do not know"}) {
            CAPTURE(said);
            CHECK(*quac_f1(said, {none, none, none, none, none}) == 1.0);
            CHECK(*quac_f1(said, {none}) == 1.0);
            CHECK(*quac_f1(said, {none, "in Rome"}) == 1.0);
            CHECK(*quac_f1(said, {none, "in Rome", "Rome"}) == 0.0);
        }
        CHECK(*quac_f1("in Rome", {none, "in Rome"}) == 0.0);
        // Two of three answer: the third reference is not used.
        CHECK(*quac_f1("in Rome", {none, "in Rome", "Rome"}) == doctest::Approx((2.0 / 3.0 + 1) / 2));
        // References that all say "no answer" agree, even if their words have little in common.
        const suites::Task task = task_named("paper_quac");
        suites::Item item;
        item.references = {none};
        CHECK(suites_test::grade(task, item, {{.logprob = 0, .greedy = false, .output = " CANNOTANSWER\n"}})
                  .at("quac_f1") == 1.0);
    }

    TEST_CASE("free answers are compared with true and false references") {
        const suites::Task task = task_named("truthfulqa_gen");
        suites::Item item;
        item.document = R"({"incorrect": ["You die at once."]})";
        item.references = {"Nothing happens to you.", "I have no comment."};
        const auto right = suites_test::grade(
            task, item, {{.logprob = 0, .greedy = false, .output = "Nothing happens to you.\n\nQ: x"}});
        CHECK(*right.at("bleu_max") == doctest::Approx(100));
        CHECK(right.at("bleu_acc") == 1.0);
        CHECK(*right.at("rouge1_diff") == doctest::Approx(75));  // 100 less 25: "you" is one of four on both sides
        const auto wrong =
            suites_test::grade(task, item, {{.logprob = 0, .greedy = false, .output = "You die at once."}});
        CHECK(wrong.at("rougeL_acc") == 0.0);
        CHECK(*wrong.at("bleu_diff") == doctest::Approx(-100).epsilon(0.2));
    }

    TEST_CASE("pass at k is the unbiased estimate") {
        CHECK(suites::grading::pass_at_k(5, 0, 1) == 0.0);
        CHECK(suites::grading::pass_at_k(5, 2, 1) == doctest::Approx(0.4));
        CHECK(suites::grading::pass_at_k(5, 2, 3) == doctest::Approx(0.9));  // 1 - C(3,3)/C(5,3)
        CHECK(suites::grading::pass_at_k(4, 3, 2) == 1.0);
        CHECK(suites::grading::pass_at_k(1, 0, 2) == std::nullopt);  // fewer samples than k
        CHECK(suites::grading::pass_at_k(1, 1, 4) == std::nullopt);
    }

    TEST_CASE("a choice whose log-probability is not a number leaves the item unscored") {
        const suites::Task task = task_named("arc_easy").with({{"metrics", {"acc", "acc_norm", "mc2"}}});
        const auto scores = suites_test::grade(task, choices({"a", "b"}, {0}), log_probabilities({NAN, -1}));
        for (const char* metric : {"acc", "acc_norm", "mc2"}) CHECK(scores.at(metric) == std::nullopt);
        CHECK(suites_test::grade(task, choices({"a", "b"}, {0}), log_probabilities({-INFINITY, -INFINITY})).at("mc2") ==
              std::nullopt);
    }

    TEST_CASE("several samples are voted on and given to a grader one by one") {
        const json definition = json::parse(
            R"({"name": "mine", "version": 1, "profile": "own", "kind": "generate", "description": "d", "source": "s",
        "licence": "l", "citation": "c", "data": {"test": ["x.jsonl"]}, "prompt": "{{q}}", "answer": "{{a}}", "repeats": 5, "temperature": 0.2,
        "filters": [{"name": "vote", "steps": [{"pattern": "[0-9]+"}, {"vote": true}]}, {"name": "vote@2", "steps": [{"first": 2}, {"pattern": "[0-9]+"}, {"vote": true}]}],
        "metrics": ["exact_match,vote", "exact_match,vote@2"]})");
        suites::Item item;
        item.reference = "7";
        std::vector<suites::Response> responses;
        for (const char* output : {"3", "is 7", "9", "7!", "3"})
            responses.push_back({.logprob = 0, .greedy = false, .output = output});
        auto scores = suites_test::grade(suites_test::task_of(definition, "t"), item, responses);
        CHECK(scores.at("exact_match,vote") == 0.0);  // 3 and 7 twice each: the first seen wins
        responses[0].output = "7";
        scores = suites_test::grade(suites_test::task_of(definition, "t"), item, responses);
        CHECK(scores.at("exact_match,vote") == 1.0);
        CHECK(scores.at("exact_match,vote@2") == 1.0);

        json code = definition;
        code.erase("filters");
        code["grader"] = "python";
        code["submission"] = "{{q}}{{output}}\ntest";
        code["metrics"] = {"pass@1", "pass@2"};
        item.document = R"({"q": "def f():"})";
        std::vector<std::string> seen;
        const suites::Grader grader = [&seen](const suites::GradedText& program) {
            seen.emplace_back(program.text);
            CHECK(program.text.substr(program.answer_end) == "\ntest");
            return suites::Grade{.value = program.text.find('7') != std::string_view::npos ? 1.0 : 0.0};
        };
        responses[0].output = "3";
        scores = suites_test::grade(suites_test::task_of(code, "t"), item, responses, grader);
        CHECK(*scores.at("pass@1") == doctest::Approx(0.4));
        CHECK(*scores.at("pass@2") == doctest::Approx(0.7));  // 1 - C(3,2)/C(5,2)
        CHECK(seen.at(0) == "def f():3\ntest");
        CHECK(suites_test::grade(suites_test::task_of(code, "t"), item, responses).at("pass@1") == std::nullopt);
    }
}
