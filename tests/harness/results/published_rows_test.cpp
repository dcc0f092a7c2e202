#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "harness/results/group_numbers.hpp"
#include "harness/results/published_rows.hpp"
#include "suites/task.hpp"
#include "tests/harness/catalog.hpp"

using namespace harness;

namespace {

reports::data::TaskView task(const std::string& name, const std::string& profile, std::uint32_t fewshot,
                             const std::string& metric, double value, double standard_error) {
    reports::data::TaskView view;
    view.task = name;
    view.profile = profile;
    view.fewshot = fewshot;
    view.items = 100;
    view.metrics.push_back(
        {.name = metric, .higher_is_better = true, .value = value, .standard_error = standard_error, .values = {}});
    return view;
}

reports::data::RunView run_of(std::vector<reports::data::TaskView> tasks) {
    reports::data::RunView run;
    run.id = 7;
    run.variant = "mine";
    run.tasks = std::move(tasks);
    run.groups = results::group_numbers(run, harness_test::catalog());
    return run;
}

}  // namespace

TEST_SUITE("results.published") {
    TEST_CASE("a number of the same profile and few-shot examples is compared with its interval") {
        // Table 20: ARC-e of Llama 2 7B is 75.2.
        const auto rows =
            results::published_rows({run_of({task("paper_arc_easy", "llama2-paper", 0, "acc_norm", 0.74, 0.01),
                                             task("paper_piqa", "llama2-paper", 0, "acc_norm", 0.74, 0.01)})},
                                    "llama-2-7b")
                .rows;
        REQUIRE(rows.size() == 2);
        CHECK(rows[0].not_compared.empty());
        CHECK(rows[0].expected() == doctest::Approx(0.752));
        CHECK(rows[0].difference() == doctest::Approx(-0.012));
        CHECK(rows[0].inside());
        CHECK(rows[0].published.table == "20");
        CHECK_FALSE(rows[1].inside());  // PIQA is 78.8
    }

    TEST_CASE("a task without any score is not compared") {
        constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
        const auto unscored = task("paper_arc_easy", "llama2-paper", 0, "acc_norm", kNone, kNone);
        CHECK(results::published_rows({run_of({unscored})}, "llama-2-7b").rows.empty());
    }

    TEST_CASE("numbers of another profile or number of few-shot examples are listed with the reason and not compared") {
        const auto rows =
            results::published_rows({run_of({task("arc_easy", "lmeval", 0, "acc", 0.74, 0.01),
                                             task("paper_triviaqa", "llama2-paper", 3, "exact", 0.6, 0.01)})},
                                    "llama-2-7b")
                .rows;
        REQUIRE(rows.size() == 2);
        CHECK(rows[0].not_compared == "published in the profile llama2-paper, run in lmeval");
        CHECK(rows[1].not_compared == "published with 0 examples, run with 3");
    }

    TEST_CASE("a published metric that the task does not measure is not compared with another") {
        const auto rows =
            results::published_rows({run_of({task("paper_arc_easy", "llama2-paper", 0, "bits_per_byte", 0.74, 0.01)})},
                                    "llama-2-7b")
                .rows;
        REQUIRE(rows.size() == 1);
        CHECK(rows[0].not_compared == "published as acc, which the task does not measure");
    }

    TEST_CASE("the run's number of few-shot examples selects the published number") {
        for (const auto& [shots, expected] :
             std::vector<std::pair<std::uint32_t, double>>{{0, 0.658}, {1, 0.689}, {5, 0.721}, {64, 0.737}}) {
            const auto rows =
                results::published_rows({run_of({task("paper_triviaqa", "llama2-paper", shots, "exact", 0.7, 0.01)})},
                                        "llama-2-7b")
                    .rows;
            REQUIRE(rows.size() == 1);
            CHECK(rows[0].expected() == doctest::Approx(expected));
        }
    }

    TEST_CASE("a group is compared when the run has all of its tasks and by the paper's own rule") {
        const std::vector<reports::data::TaskView> both = {
            task("paper_nq_open", "llama2-paper", 5, "exact", 0.257, 0.01),
            task("paper_triviaqa", "llama2-paper", 5, "exact", 0.721, 0.01)};
        const auto rows = results::published_rows({run_of(both)}, "llama-2-7b").rows;
        REQUIRE(rows.size() == 3);
        CHECK(rows[2].task == "paper_world_knowledge");
        CHECK(rows[2].value == doctest::Approx(0.489));
        CHECK(rows[2].expected() == doctest::Approx(0.489));  // table 3
        // Members' intervals by Student's t of 99 degrees of freedom (1.984217), combined: 0.489 -+ 0.01984217 /
        // sqrt(2).
        REQUIRE(rows[2].ci95);
        CHECK(rows[2].ci95->low == doctest::Approx(0.4749695).epsilon(0.000001));
        CHECK(rows[2].ci95->high == doctest::Approx(0.5030305).epsilon(0.000001));
        CHECK(results::published_rows({run_of({both[0]})}, "llama-2-7b").rows.size() == 1);
    }

    TEST_CASE("an erroneous published cell is replaced by its correct value") {
        const auto tasks = harness_test::select_tasks("paper_math");
        std::vector<reports::data::TaskView> views;
        views.reserve(tasks.size());
        for (const suites::Task& one : tasks)
            views.push_back(
                task(one.name(), "llama2-paper", one.default_fewshot(), one.metrics().front().name, 0.1, 0.01));
        for (const reports::data::PublishedRow& row : results::published_rows({run_of(views)}, "llama-2-7b").rows) {
            if (row.task != "paper_math") continue;
            CHECK(row.expected() == doctest::Approx(0.0855));
            CHECK(row.published.value == doctest::Approx(0.146));
            CHECK(row.published.remark.find("prints GSM8K alone") != std::string::npos);
            return;
        }
        FAIL("no row for the group");
    }

    TEST_CASE("an unknown model is an error and a task without numbers is not") {
        CHECK_THROWS_WITH_AS(results::published_rows({}, "lama-2-7b"),
                             "there are no published numbers for the model 'lama-2-7b'; did you mean \"llama-2-7b\"?",
                             suites::SuiteError);
        CHECK(
            results::published_rows({run_of({task("demo_facts", "demo", 0, "acc", 1, 0)})}, "llama-2-7b").rows.empty());
    }
}
