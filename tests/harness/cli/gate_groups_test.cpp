#include "harness/cli/gate_groups.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/usage_error.hpp"
#include "harness/cli/gate_policy.hpp"
#include "harness/cli/task_catalog.hpp"

using harness::cli::default_rules;
using harness::cli::resolve_names;
using reports::data::GateRule;

namespace {

const suites::Catalog& tasks_of_catalog() {
    static const suites::Catalog catalog = harness::cli::task_catalog();
    return catalog;
}

/// A run of these tasks and groups, each with one right and one wrong item and the task's own metrics.
reports::data::RunView run_of(const std::string& comma_list) {
    reports::data::RunView run;
    for (const suites::Task& task : tasks_of_catalog().select(comma_list)) {
        reports::data::TaskView view;
        view.task = task.name();
        view.profile = task.profile();
        view.fewshot = task.default_fewshot();
        view.items = 2;
        view.docs.numbers = {0, 1};
        for (const char* name : {"acc", "acc_norm"})
            view.metrics.push_back({.name = name, .value = 0.5, .standard_error = 0.5, .values = {1.0, 0.0}});
        run.tasks.push_back(view);
    }
    return run;
}

std::string complaint_about(GateRule rule, const reports::data::RunView& baseline) {
    std::vector<GateRule> rules = {std::move(rule)};
    try {
        resolve_names(rules, baseline, tasks_of_catalog(), "p.json");
    } catch (const harness::base::UsageError& error) {
        return error.what();
    }
    return "";
}

GateRule resolved(const std::string& suite, const reports::data::RunView& baseline) {
    std::vector<GateRule> rules = {{.suite = suite}};
    resolve_names(rules, baseline, tasks_of_catalog(), "p.json");
    return rules[0];
}

}  // namespace

TEST_SUITE("harness.gate_groups") {
    TEST_CASE("the subjects of MMLU are one suite over their questions and other tasks are suites of their own") {
        const auto rules = default_rules(run_of("mmlu,arc_easy,piqa"), tasks_of_catalog());
        REQUIRE(rules.size() == 3);
        CHECK(rules[0].suite == "mmlu");
        CHECK(rules[0].tasks.size() == 57);
        CHECK(!rules[0].members_weigh_alike);
        CHECK(rules[1].suite == "arc_easy");
        CHECK(rules[2].suite == "piqa");
    }

    TEST_CASE("a part of a group is no group") {
        const auto rules = default_rules(run_of("mmlu_stem"), tasks_of_catalog());
        REQUIRE(rules.size() == 1);
        CHECK(rules[0].suite == "mmlu_stem");
        auto run = run_of("mmlu_stem");
        run.tasks.pop_back();
        CHECK(default_rules(run, tasks_of_catalog()).size() == run.tasks.size());
    }

    TEST_CASE("data sets that only share a profile are not averaged") {
        const auto rules = default_rules(run_of("paper_nq_open,paper_triviaqa"), tasks_of_catalog());
        CHECK(rules.size() == 2);
    }

    TEST_CASE("a suite that names a group has the group's tasks and its way to average") {
        const auto baseline = run_of("mmlu");
        CHECK(resolved("mmlu", baseline).tasks.size() == 57);
        CHECK(!resolved("mmlu", baseline).members_weigh_alike);
        CHECK(resolved("mmlu_subjects", baseline).members_weigh_alike);
        CHECK(resolved("mmlu_anatomy", baseline).tasks.empty());
        std::vector<GateRule> rules = {{.suite = "both", .tasks = {"mmlu_stem", "arc_easy"}}};
        resolve_names(rules, baseline, tasks_of_catalog(), "p.json");
        CHECK(rules[0].tasks.size() == tasks_of_catalog().select("mmlu_stem").size() + 1);
    }

    TEST_CASE("groups of other metrics or of groups and names that nothing has are refused") {
        const auto baseline = run_of("mmlu,arc_easy");
        CHECK(complaint_about({.suite = "open-llm-leaderboard-v1"}, baseline) ==
              "p.json: suite 'open-llm-leaderboard-v1': group 'open-llm-leaderboard-v1' is a mean of groups; name them "
              "as suites of their own");
        CHECK(complaint_about({.suite = "commonsense"}, baseline).find("have different metrics") != std::string::npos);
        CHECK(complaint_about({.suite = "arc_esy"}, baseline).find("did you mean \"arc_easy\"?") != std::string::npos);
        CHECK(complaint_about({.suite = "arc_easy", .metric = "acc_nrm"}, baseline)
                  .find("no metric 'acc_nrm' of this suite; did you mean \"acc_norm\"?") != std::string::npos);
        CHECK(complaint_about({.suite = "my own task"}, baseline).empty());
    }

    TEST_CASE("a written policy has groups and directions and the other metrics as advisory and is read again") {
        const auto run = run_of("mmlu,arc_easy");
        const std::string text = harness::cli::policy_text(default_rules(run, tasks_of_catalog()), run);
        const auto json = nlohmann::json::parse(text);
        REQUIRE(json["suites"].size() == 3);
        CHECK(json["suites"][0]["mean_over"] == "items");
        CHECK(json["suites"][0]["tasks"].size() == 57);
        CHECK(json["suites"][1]["tier"] == "critical");
        CHECK(json["suites"][2]["metric"] == "acc_norm");
        CHECK(json["suites"][2]["tier"] == "advisory");
        CHECK(json["suites"][2]["direction"] == "higher");
        CHECK(harness::cli::parse_policy(text, "p.json").rules.size() == 3);
    }
}
