// The right solutions of the code benchmarks, run as the tasks run a model's.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/sandbox/sandbox.hpp"
#include "suites/rows.hpp"
#include "tests/suites/helpers.hpp"

using json = suites::Row;

namespace {

std::string text(const json& row, const char* field) {
    return row.at(field).get<std::string>();
}

/// Names of the programs that did not pass.
std::vector<std::string> failing(const std::vector<std::string>& names, const std::vector<std::string>& programs) {
    const auto outcomes = harness::sandbox::Sandbox().run_all(programs);
    std::vector<std::string> failed;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        if (outcomes[i].passed) continue;
        failed.push_back(names[i]);
    }
    return failed;
}

}  // namespace

TEST_SUITE("sandbox.programs") {
    TEST_CASE("all 164 canonical solutions of HumanEval pass and none passes without its body") {
        const std::string shared = suites_test::shared_data();
        if (shared.empty()) {
            MESSAGE("skipped: the public data sets are not there (BELLWETHER_SHARED)");
            return;
        }
        std::vector<std::string> names, right, wrong;
        for (const json& row : suites::read_rows(shared + "/humaneval/HumanEval.jsonl.gz")) {
            const std::string tests = "\n" + text(row, "test") + "\ncheck(" + text(row, "entry_point") + ")";
            names.push_back(text(row, "task_id"));
            right.push_back(text(row, "prompt") + text(row, "canonical_solution") + tests);
            wrong.push_back(text(row, "prompt") + "    return None" + tests);
        }
        CHECK(names.size() == 164);
        CHECK(failing(names, right) == std::vector<std::string>{});
        const auto outcomes = harness::sandbox::Sandbox().run_all({wrong.begin(), wrong.begin() + 40});
        for (const auto& outcome : outcomes) CHECK_FALSE(outcome.passed);
    }

    TEST_CASE("the reference codes of MBPP pass") {
        const std::string shared = suites_test::shared_data();
        if (shared.empty()) {
            MESSAGE("skipped: the public data sets are not there (BELLWETHER_SHARED)");
            return;
        }
        std::vector<std::string> names, programs;
        for (const json& row : suites::read_rows(shared + "/mbpp/mbpp.jsonl")) {
            std::string program = text(row, "code") + "\n" + text(row, "test_setup_code");
            for (const json& test : row.at("test_list")) program += "\n" + test.get<std::string>();
            names.push_back("mbpp/" + row.at("task_id").dump());
            programs.push_back(std::move(program));
        }
        CHECK(names.size() == 974);
        CHECK(failing(names, programs) == std::vector<std::string>{});
    }
}
