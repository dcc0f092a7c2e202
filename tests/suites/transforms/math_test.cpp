#include <doctest/doctest.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "suites/data/rows.hpp"
#include "suites/sha256.hpp"
#include "suites/transforms/math.hpp"
#include "suites/transforms/math_algebra.hpp"
#include "suites/transforms/minerva.hpp"
#include "tests/suites/helpers.hpp"

using suites::transforms::NonIntegerFraction;
using suites_test::task_named;

namespace {

std::string normalised(const std::string& answer) {
    return suites::transforms::hendrycks_normalised(answer, NonIntegerFraction::Fails).value_or("stumbled");
}

/// The score of an answer to a task of mathematics.
std::optional<double> solved(const char* task, const std::string& output, const std::string& answer) {
    return suites_test::graded(task, output, answer).at(task_named(task).metrics()[0].name);
}

}  // namespace

TEST_SUITE("suites.math") {
    TEST_CASE("the last box is found with balanced braces") {
        CHECK(suites::transforms::boxed_answer("so \\boxed{1} and $\\boxed{\\frac{1}{2}}$.") == "\\frac{1}{2}");
        CHECK(suites::transforms::boxed_answer("so $\\boxed 5$ then") == "5");
        CHECK(suites::transforms::boxed_answer("so $\\boxed 5$ then \\boxed{6}") ==
              "5");  // the form with a space goes first
        CHECK(suites::transforms::boxed_answer("\\fbox{7}") == "7");
        CHECK(suites::transforms::boxed_answer("\\boxed{1}\\fbox{7}") == "1");
        CHECK(suites::transforms::boxed_answer("no box") == std::nullopt);
        CHECK(suites::transforms::boxed_answer("\\boxed{1") == std::nullopt);
        CHECK(suites::transforms::boxed_answer("\\boxed5 {x}") == std::nullopt);
        CHECK(suites::transforms::last_boxed("\\boxed{a}b}") == "\\boxed{a}");
    }

    TEST_CASE("answers are normalised as the authors of the data set do") {
        const std::vector<std::pair<std::string, std::string>> vectors = {
            {"a\nb", "ab"},
            {"10\\!\\!,000", "10,000"},
            {"\\tfrac{1}{2}", "\\frac{1}{2}"},
            {"\\dfrac{1}{2}", "\\frac{1}{2}"},
            {"\\left(1, 2\\right)", "(1,2)"},
            {"90^\\circ", "90"},
            {"90^{\\circ}", "90"},
            {"\\$5", "5"},
            {"5\\text{ cm}", "5"},
            {"5\\%", "5"},
            {".5", "\\frac{1}{2}"},
            {"0.5", "\\frac{1}{2}"},
            {"{.25}", "{0.25}"},
            {"", ""},
            {"x=5", "5"},
            {"k = 5", "5"},
            {"xyz=5", "xyz=5"},
            {"x=y=5", "x=y=5"},
            {"\\sqrt3", "\\sqrt{3}"},
            {"\\sqrt{3}", "\\sqrt{3}"},
            {"\\frac12", "\\frac{1}{2}"},
            {"\\frac1{72}", "\\frac{1}{72}"},
            {"\\frac{72}1", "\\frac{72}1"},
            {"1/2", "\\frac{1}{2}"},
            {"-1/2", "\\frac{-1}{2}"},
            {"1 / 2", "\\frac{1}{2}"},
            {"01/2", "01/2"},
            {"1/2/3", "1/2/3"},
            {"\\\\frac12", "\\frac{1}{2}"},
        };
        for (const auto& row : vectors) {
            const auto& answer = row.first;
            const auto& expected = row.second;
            CAPTURE(answer);
            CHECK(normalised(answer) == expected);
        }
    }

    TEST_CASE("if lm-evaluation-harness fails to parse both answers are compared unchanged") {
        for (const char* answer : {"1\\text{ cm}\\text{ m}", "x/2", "1.5/2", "3\\frac", "\\sqrt", "a/"}) {
            CAPTURE(answer);
            CHECK(normalised(answer) == "stumbled");
            CHECK(suites::transforms::hendrycks_equal(answer, answer, NonIntegerFraction::Fails));
        }
        CHECK_FALSE(suites::transforms::hendrycks_equal("x/2 ", "x/2", NonIntegerFraction::Fails));
        CHECK_FALSE(suites::transforms::hendrycks_equal("0.5", ".5x/2", NonIntegerFraction::Fails));
        // AGIEval's copy of the rules leaves it unchanged.
        CHECK(suites::transforms::hendrycks_normalised("x / 2", NonIntegerFraction::Unchanged) == "x/2");
        CHECK(suites::transforms::hendrycks_equal("x/2 ", "x/2", NonIntegerFraction::Unchanged));
        CHECK(suites::transforms::hendrycks_normalised("3\\frac", NonIntegerFraction::Unchanged) == std::nullopt);
        // One character after \frac leaves everything as it was.
        CHECK(normalised("\\frac12 \\frac3") == "\\frac12\\frac3");
    }

    TEST_CASE("the answer is between the first and the last dollar sign") {
        CHECK(solved("hendrycks_math_algebra", " The answer is $x=\\frac12$.", "\\frac{1}{2}") == 1.0);
        CHECK(solved("hendrycks_math_algebra", " $1$ and $2$", "2") == 0.0);
        CHECK(solved("hendrycks_math_algebra", " 0.5", "\\frac12") == 1.0);
        CHECK(solved("hendrycks_math_algebra", " costs 5$", "costs5$") == 1.0);
        CHECK(solved("hendrycks_math_algebra", " $7$ Problem: next $8$", "7") == 1.0);
        CHECK(solved("hendrycks_math_algebra", " The answer is 7", "7") == 0.0);
        // One space before the answer is removed, as lm-evaluation-harness's decoder does. This matters where two
        // characters before an equals sign may be dropped, and where texts are compared unchanged.
        CHECK(solved("hendrycks_math_algebra", " ab=5", "5") == 1.0);
        CHECK(solved("hendrycks_math_algebra", "  ab=5", "5") == 0.0);
        CHECK(solved("hendrycks_math_algebra", " x/2", "x/2") == 1.0);
        CHECK(solved("hendrycks_math_algebra", "  x/2", "x/2") == 0.0);
        CHECK(solved("hendrycks_math_algebra", std::string("\xff$\xc3", 3), "7") == 0.0);
    }

    TEST_CASE("minerva takes the text after the announcement of the final answer") {
        CHECK(suites::transforms::minerva_answer(" x\nFinal Answer: The final answer is $24$. I hope it is correct.") ==
              "$24$");
        CHECK(suites::transforms::minerva_answer("Final Answer: The final answer is $24$. ") ==
              "$24$");  // the end is supplied
        CHECK(suites::transforms::minerva_answer("Final Answer: The final answer is $24$") == std::nullopt);
        CHECK(suites::transforms::minerva_answer("The final answer is $24$. I hope it is correct.") == std::nullopt);
        CHECK(suites::transforms::minerva_answer("Final Answer: The final answer is $2\n4$. I hope it is correct.") ==
              std::nullopt);
        // The points of the pattern match any character, and the first match counts.
        CHECK(suites::transforms::minerva_answer(
                  "Final Answer: The final answer is 5! I hope it is correct?. I hope it is correct.") == "5");
        CHECK(suites::transforms::minerva_answer("Final Answer: The final answer is 1. I hope it is correct. "
                                                 "Final Answer: The final answer is 2. I hope it is correct.") == "1");
    }

    TEST_CASE("minerva normalises as in its appendix") {
        const std::vector<std::pair<std::string, std::string>> vectors = {
            {"x = 5", "5"},
            {"$24$", "24"},
            {"the value $24$ is it", "24"},
            {"5\\text{ cm}", "5"},  // the unit goes before the command around it
            {"12 square inches", "12"},
            {"90^\\circ", "90"},
            {"\\text{Monday}", "Monday"},
            {"\\textbf{7}", "7"},
            {"\\overline{12}", "12"},
            {"\\boxed{\\frac{1}{2}}", "\\frac{1}{2}"},
            {"\\frac12", "\\frac{1}{2}"},
            {"\\frac123", "\\frac{1}{2}3"},
            {"\\sqrt2", "\\sqrt{2}"},
            {"\\sqrt23", "\\sqrt{2}3"},
            {"100,000", "100000"},
            {"1,2", "12"},              // which lm-evaluation-harness cannot distinguish from a number
            {"1\\text{ and }2", "12"},  // "1,2", and so the same
            {"(1, 2)", "(1,2)"},
            {"10{,}000", "10000"},
            {"[2,5)", "[2,5)"},
        };
        for (const auto& row : vectors) {
            const auto& answer = row.first;
            const auto& expected = row.second;
            CAPTURE(answer);
            CHECK(suites::transforms::minerva_normalised(answer) == expected);
        }
    }

    TEST_CASE("expressions of the same value are equal") {
        const auto equal_expressions = [](const std::string& left, const std::string& right) {
            return suites::transforms::equal_values(left, right).value_or(false);
        };
        CHECK(equal_expressions("\\frac{1}{2}", "0.5"));
        CHECK(equal_expressions("\\frac{-2}{3}", "-\\frac{2}{3}"));
        CHECK(equal_expressions("2\\sqrt{2}", "\\sqrt{8}"));
        CHECK(equal_expressions("\\frac{1}{\\sqrt{2}}", "\\frac{\\sqrt{2}}{2}"));
        CHECK(equal_expressions("(x+1)^2", "x^2+2x+1"));
        CHECK(equal_expressions("(x+1)(x-1)", "x^{2}-1"));
        CHECK(equal_expressions("3\\pi", "\\pi\\cdot3"));
        CHECK(equal_expressions("\\sqrt[3]{27}", "3"));
        CHECK(equal_expressions("x^2y", "yx^2"));
        CHECK(equal_expressions("4!", "24"));
        CHECK_FALSE(equal_expressions("\\sin^2", "\\sin^2"));  // of nothing
        CHECK(equal_expressions("\\frac{x}{y}", "x/y"));
        CHECK(equal_expressions("-2^2", "-4"));
        CHECK(equal_expressions("2^{10}", "1024"));
        CHECK(equal_expressions("\\left(2\\right)", "2"));
        CHECK(equal_expressions("|-3|", "3"));
        CHECK(equal_expressions("\\log_28", "3"));
        CHECK_FALSE(equal_expressions("x", "y"));
        CHECK_FALSE(equal_expressions("x^2", "2x"));
        CHECK_FALSE(equal_expressions("3.14159", "\\pi"));
        CHECK_FALSE(equal_expressions("0.333", "\\frac{1}{3}"));
        CHECK_FALSE(equal_expressions("\\frac{1}{0}", "\\frac{2}{0}"));
        // Large numbers of one digit's difference.
        CHECK(equal_expressions("2^{30}", "1073741824"));
        CHECK_FALSE(equal_expressions("2^{30}", "1073741823"));
        CHECK_FALSE(equal_expressions("123456789012345678901", "123456789012345678902"));
        CHECK(equal_expressions("+0012.50", "12.5"));
        CHECK(equal_expressions(".0", "-0"));
        CHECK(equal_expressions("1-1", "0"));
        CHECK(equal_expressions("1\\frac{1}{4}", "0.25"));  // no mixed number: sympy reads a product
        CHECK_FALSE(equal_expressions("59\\cdot10^{10}", "590000000001"));
        // What a double cannot hold is nothing else's equal, and small numbers are not all nothing.
        CHECK_FALSE(equal_expressions("2^{2005}", "7"));
        CHECK_FALSE(equal_expressions("2^{2005}", "x+1"));
        CHECK_FALSE(equal_expressions("2^{2005}", "2^{2006}"));
        CHECK_FALSE(suites::transforms::equal_values("2^{2005}", "7"));
        CHECK_FALSE(equal_expressions("2^{-60}", "2^{-61}"));
        CHECK_FALSE(equal_expressions("\\frac{1}{2^{60}}", "0"));
        CHECK(equal_expressions("\\frac{1}{2^{60}}", "2^{-60}"));
        CHECK(equal_expressions("\\sin(\\pi)", "0"));
        CHECK(equal_expressions("\\cos(\\frac{\\pi}{2})", "0"));
        CHECK(equal_expressions("(\\sqrt{2}+1)(\\sqrt{2}-1)-1", "0"));
        CHECK(equal_expressions("\\sqrt{10001}-\\sqrt{10000}", "\\frac{1}{\\sqrt{10001}+100}"));
        for (const std::string unread : {"", "(1,2)", "[2,5)", "Monday!x(", "x=1", "\\begin{pmatrix}1\\end{pmatrix}",
                                         "1+", "{", "\\frac{1}", "x\\le2", "\\unknown", "2)", "1..2"}) {
            CAPTURE(unread);
            CHECK_FALSE(equal_expressions(unread, unread));
        }
        const std::string deep(500, '(');
        CHECK_FALSE(equal_expressions(deep + "1" + std::string(500, ')'), "1"));
        CHECK_FALSE(equal_expressions(std::string(1 << 20, '1'), "1"));
    }

    TEST_CASE("minerva accepts equal texts and equal values") {
        const auto said = [](const std::string& answer) {
            return " Final Answer: The final answer is $" + answer + "$. I hope it is correct.";
        };
        CHECK(solved("minerva_math_algebra", said("\\frac12"), "\\frac{1}{2}") == 1.0);
        CHECK(solved("minerva_math_algebra", said("0.5"), "\\frac{1}{2}") == 1.0);
        CHECK(solved("minerva_math_algebra", said("[2,5)"), "[2,5)") == 1.0);
        CHECK(solved("minerva_math_algebra", said("7"), "8") == 0.0);
        CHECK(solved("minerva_math_algebra", " 7", "7") == 0.0);
        const suites::Task task = task_named("minerva_math_algebra");
        suites::Item item;
        item.document = "{}";
        item.reference = "7";
        CHECK(suites_test::grade(task, item, {{.logprob = 0, .greedy = false, .output = " 7"}})
                  .at("extraction_failed,none") == 1.0);
    }

    TEST_CASE("minerva counts which rule decided") {
        const suites::Task task = task_named("minerva_math_algebra");
        const auto counted = [&](const std::string& answer, const std::string& right) {
            suites::Item item;
            item.document = "{}";
            item.reference = right;
            const std::string output = " Final Answer: The final answer is $" + answer + "$. I hope it is correct.";
            const auto scores = suites_test::grade(task, item, {{.logprob = 0, .greedy = false, .output = output}});
            std::string rules;
            for (const char* name : {"equal_unread", "equal_by_value", "needs_algebra"}) {
                if (scores.at(name) == 1.0) rules += std::string(name) + " ";
            }
            return rules + (scores.at("exact_match,none") == 1.0 ? "right" : "wrong");
        };
        CHECK(counted("\\frac12", "\\frac{1}{2}") == "right");  // the same text after the normalisation
        CHECK(counted("[2,5)", "[2,5)") == "equal_unread right");
        CHECK(counted("0.5", "\\frac{1}{2}") == "equal_by_value right");
        CHECK(counted("7", "8") == "wrong");
        CHECK(counted("(2,5)", "[2,5)") == "needs_algebra wrong");
        suites::Item item;
        item.document = "{}";
        item.reference = "[2,5)";
        const auto none = suites_test::grade(task, item, {{.logprob = 0, .greedy = false, .output = " [2,5)"}});
        CHECK(none.at("extraction_failed,none") == 1.0);
        CHECK(none.at("needs_algebra") == 0.0);
        std::vector<std::string> counters;
        for (const auto& counter : task.counters()) counters.push_back(counter.name);
        CHECK(counters == std::vector<std::string>{"extraction_failed,none", "equal_by_value", "equal_unread",
                                                   "needs_algebra", "empty_output", "length_limited",
                                                   "prompt_truncated"});
    }

    TEST_CASE("minerva shows its four examples") {
        const suites_test::Folder cache;
        cache.write("hendrycks_math/algebra/test.jsonl",
                    R"({"problem": "What is $1+1$?", "solution": "It is $\\boxed{2}$."})");
        const auto items =
            task_named("minerva_math_algebra").render(cache.path(), {.fewshot = {}, .limit = {}, .seed = 1});
        const std::string& prompt = suites_test::prompt_text(items.at(0).requests.at(0));
        CHECK(
            prompt.starts_with("Problem:\nFind the domain of the expression  $\\frac{\\sqrt{x-2}}{\\sqrt{5-x}}$.}\n\n"
                               "Solution: The expressions inside each square root must be non-negative. Therefore, "));
        CHECK(prompt.find("\\begin{align*}\n30n&=480\\\n\\Rightarrow") != std::string::npos);
        CHECK(
            prompt.ends_with("Final Answer: The final answer is $-\\frac{2}{3}$. I hope it is correct.\n\n"
                             "Problem:\nWhat is $1+1$?\n\nSolution:"));
        CHECK(items[0].target() == "2");
        CHECK(suites_test::generation(items[0].requests[0]).until == std::vector<std::string>{"Problem:"});
    }

    // By lm-evaluation-harness 0.4.9's own utils.py of minerva_math (version 3.0, sympy 1.14) over the first 20
    // problems of algebra: the SHA-256 of its prompts joined by line feeds, and which forms of the correct answer it
    // accepts.
    TEST_CASE("twenty problems of algebra have the reference's prompts and verdicts") {
        const std::string shared = suites_test::shared_data();
        if (shared.empty()) {
            MESSAGE("skipped: the public data sets are not there (BELLWETHER_SHARED)");
            return;
        }
        const suites_test::Folder cache;
        suites_test::fetch_from("minerva_math_algebra", shared, cache.path());
        std::string prompts;
        for (const suites::Item& item :
             task_named("minerva_math_algebra").render(cache.path(), {.fewshot = {}, .limit = 20, .seed = 1})) {
            prompts += (prompts.empty() ? "" : "\n") + suites_test::prompt_text(item.requests.at(0));
            const std::string answer = item.target();
            const auto verdict = [&answer](const std::string& form) {
                return solved("minerva_math_algebra", form + "$. I hope it is correct.", answer);
            };
            CAPTURE(answer);
            const std::string start = "Final Answer: The final answer is $";
            CHECK(verdict(fmt::format("x\n{}{}", start, answer)) == 1.0);
            CHECK(verdict(fmt::format("{}({})+0", start, answer)) == 1.0);
            CHECK(verdict(start + answer + " \\text{units}") == 1.0);
            CHECK(verdict(fmt::format("{}({})+1", start, answer)) == 0.0);
            CHECK(verdict(" so \\boxed{" + answer + "}") == 0.0);
        }
        CHECK(suites::sha256_hex(prompts) == "568210454a89589aaf83abd941378767b02ef29c9bedbdc7034229e0286ac13e");
    }

    TEST_CASE("a solution without a box is an error of the data") {
        const suites_test::Folder cache;
        cache.write("hendrycks_math/algebra/test.jsonl", R"({"problem": "p", "solution": "nothing"})");
        CHECK(suites_test::complaint([&] {
                  task_named("hendrycks_math_algebra").render(cache.path(), {.fewshot = 0, .limit = {}, .seed = 1});
              }).find("row 1: \"solution\" has no \\boxed{...}") != std::string::npos);
    }

    TEST_CASE("all 5000 problems have the same answer as in another copy of the data") {
        const std::string shared = suites_test::shared_data();
        if (shared.empty()) {
            MESSAGE("skipped: the public data sets are not there (BELLWETHER_SHARED)");
            return;
        }
        std::size_t different = 0;
        std::size_t wrong = 0;
        std::size_t problems = 0;
        for (const auto& row :
             suites::data::read_rows(shared + "/llm-foundry-icl/symbolic_problem_solving/math.jsonl")) {
            ++problems;
            const auto answer = suites::transforms::boxed_answer(row.at("chain_of_thought").get<std::string>());
            const auto given = row.at("answer").get<std::string>();
            if (answer != given) ++different;
            // Every correct answer must be graded as correct, alone and with the announcement.
            if (suites::transforms::grade_math_hendrycks("$" + given + "$", given) != 1.0) ++wrong;
            if (suites::transforms::grade_minerva_equivalent(given, suites::transforms::minerva_normalised(given)) !=
                1.0)
                ++wrong;
        }
        CHECK(problems == 5000);
        CHECK(different == 0);
        CHECK(wrong == 0);
    }

    TEST_CASE("the test set is fetched by subject and from the original's folders") {
        const std::string shared = suites_test::shared_data();
        const suites_test::Folder cache, original;
        for (const int number : {10, 2}) {
            original.write("MATH/test/algebra/" + std::to_string(number) + ".json",
                           R"({"problem": "p)" + std::to_string(number) +
                               R"(", "level": "Level 1", "type": "Algebra", "solution": "\\boxed{1}"})");
        }
        suites_test::fetch_from("hendrycks_math_algebra", original.path(), cache.path());
        const auto items =
            task_named("hendrycks_math_algebra").render(cache.path(), {.fewshot = 0, .limit = {}, .seed = 1});
        REQUIRE(items.size() == 2);
        CHECK(suites_test::prompt_text(items[0].requests[0]) == "Problem: p2\nAnswer:");
        CHECK(items[0].target() == "1");
        if (shared.empty()) {
            MESSAGE("skipped: the public data sets are not there (BELLWETHER_SHARED)");
            return;
        }
        const suites_test::Folder whole;
        suites_test::fetch_from("hendrycks_math", shared, whole.path());
        std::size_t problems = 0;
        for (const suites::Task& task : suites_test::select_tasks("hendrycks_math"))
            problems += task.render(whole.path(), {.fewshot = 0, .limit = {}, .seed = 1}).size();
        CHECK(problems == 5000);
    }
}
