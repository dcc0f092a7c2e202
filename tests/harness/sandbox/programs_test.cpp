// Runs the reference solutions of the code benchmarks as the tasks run a model's programs.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/sandbox/judge.hpp"
#include "suites/data/rows.hpp"
#include "tests/suites/helpers.hpp"

using json = suites::Row;

using harness::sandbox::Judge;
using harness::sandbox::Outcome;
using harness::sandbox::Program;

namespace {

std::string text(const json& row, const char* field) {
    return row.at(field).get<std::string>();
}

/// A program as a task builds it: the author's part, then the task's.
Program program_of(const std::string& own, const std::string& tests) {
    return {.text = own + tests, .tests_at = own.size()};
}

/// Names of the programs that did not pass, and of those that touch the interpreter.
struct Judged {
    std::vector<std::string> failed;
    std::vector<std::string> touching;
};

Judged judged(const std::vector<std::string>& names, const std::vector<Program>& programs) {
    const std::vector<Outcome> outcomes = Judge().judge_all(programs);
    Judged all;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        if (!outcomes[i].passed()) all.failed.push_back(names[i] + ": " + outcomes[i].reason);
        for (const std::string& touched : outcomes[i].touches) all.touching.push_back(names[i] + " " + touched);
    }
    return all;
}

}  // namespace

TEST_SUITE("sandbox.programs") {
    TEST_CASE("all 164 canonical solutions of HumanEval pass and none passes without its body") {
        const std::string shared = suites_test::shared_data();
        if (shared.empty()) {
            MESSAGE("skipped: the public data sets are not there (BELLWETHER_SHARED)");
            return;
        }
        std::vector<std::string> names;
        std::vector<Program> right, wrong;
        for (const json& row : suites::data::read_rows(shared + "/humaneval/HumanEval.jsonl.gz")) {
            const std::string tests = "\n" + text(row, "test") + "\ncheck(" + text(row, "entry_point") + ")";
            names.push_back(text(row, "task_id"));
            right.push_back(program_of(text(row, "prompt") + text(row, "canonical_solution"), tests));
            wrong.push_back(program_of(text(row, "prompt") + "    return None", tests));
        }
        CHECK(names.size() == 164);
        const Judged all = judged(names, right);
        CHECK(fmt::format("{}", fmt::join(all.failed, "\n")) == "");
        // do_algebra is solved with eval.
        CHECK(all.touching == std::vector<std::string>{"HumanEval/160 eval"});
        for (const Outcome& outcome : Judge().judge_all({wrong.begin(), wrong.begin() + 40})) {
            CHECK(outcome.verdict == harness::sandbox::Verdict::Failed);
            CHECK_FALSE(outcome.forged);
        }
    }

    // Every fourth of them; with BELLWETHER_PROGRAMS each one.
    TEST_CASE("the reference solutions of MBPP pass") {
        const std::size_t step = std::getenv("BELLWETHER_PROGRAMS") == nullptr ? 4 : 1;
        const std::string shared = suites_test::shared_data();
        if (shared.empty()) {
            MESSAGE("skipped: the public data sets are not there (BELLWETHER_SHARED)");
            return;
        }
        std::vector<std::string> names;
        std::vector<Program> programs;
        const std::vector<json> rows = suites::data::read_rows(shared + "/mbpp/mbpp.jsonl");
        CHECK(rows.size() == 974);
        for (std::size_t i = 0; i < rows.size(); i += step) {
            const json& row = rows[i];
            std::string tests = "\n" + text(row, "test_setup_code");
            for (const json& test : row.at("test_list")) tests += "\n" + test.get<std::string>();
            names.push_back("mbpp/" + row.at("task_id").dump());
            programs.push_back(program_of(text(row, "code"), tests));
        }
        const Judged all = judged(names, programs);
        CHECK(fmt::format("{}", fmt::join(all.failed, "\n")) == "");
        // Few enough that the count is informative for a model.
        CHECK(all.touching.size() < 25);
        for (const std::string& touching : all.touching) MESSAGE(touching);
    }
}
