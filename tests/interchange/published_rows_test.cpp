#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "harness/interchange/published_rows.hpp"
#include "suites/task.hpp"

using namespace harness;
using nlohmann::json;

namespace {

reports::TaskView task(const std::string& name, const std::string& profile, std::uint32_t fewshot,
                       const std::string& metric, double value, double standard_error) {
    reports::TaskView view;
    view.task = name;
    view.profile = profile;
    view.fewshot = fewshot;
    view.items = 100;
    view.metrics.push_back(
        {.name = metric, .higher_is_better = true, .value = value, .standard_error = standard_error, .values = {}});
    return view;
}

reports::RunView run_of(std::vector<reports::TaskView> tasks) {
    reports::RunView run;
    run.id = 7;
    run.variant = "mine";
    run.tasks = std::move(tasks);
    return run;
}

}  // namespace

TEST_SUITE("interchange.published") {
    TEST_CASE("a number of the same profile and examples is compared and its place in the interval told") {
        // Table 20: ARC-e of Llama 2 7B is 75.2.
        const auto rows =
            interchange::published_rows({run_of({task("paper_arc_easy", "llama2-paper", 0, "acc_norm", 0.74, 0.01),
                                                 task("paper_piqa", "llama2-paper", 0, "acc_norm", 0.74, 0.01)})},
                                        "llama-2-7b");
        REQUIRE(rows.size() == 2);
        CHECK(rows[0].not_compared.empty());
        CHECK(rows[0].expected == doctest::Approx(0.752));
        CHECK(rows[0].difference() == doctest::Approx(-0.012));
        CHECK(rows[0].inside());
        CHECK(rows[0].published.table == "20");
        CHECK_FALSE(rows[1].inside());  // PIQA is 78.8
        const std::string text = interchange::published_text(rows, "llama-2-7b");
        CHECK(text.find("paper_arc_easy") != std::string::npos);
        CHECK(text.find("-0.0120") != std::string::npos);
        const json parsed = json::parse(interchange::published_json(rows));
        CHECK(parsed.at(0).at("inside") == true);
        CHECK(parsed.at(1).at("inside") == false);
    }

    TEST_CASE("a task none of whose items has a score is held against nothing") {
        constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
        const auto unscored = task("paper_arc_easy", "llama2-paper", 0, "acc_norm", kNone, kNone);
        CHECK(interchange::published_rows({run_of({unscored})}, "llama-2-7b").empty());
    }

    TEST_CASE("numbers of another profile or other examples are listed with the reason and not compared") {
        const auto rows =
            interchange::published_rows({run_of({task("arc_easy", "lmeval", 0, "acc", 0.74, 0.01),
                                                 task("paper_triviaqa", "llama2-paper", 3, "exact", 0.6, 0.01)})},
                                        "llama-2-7b");
        REQUIRE(rows.size() == 2);
        CHECK(rows[0].not_compared == "published in the profile llama2-paper, run in lmeval");
        CHECK(rows[1].not_compared == "published with 0 examples, run with 3");
        const json parsed = json::parse(interchange::published_json(rows));
        CHECK(parsed.at(0).at("difference").is_null());
        CHECK(interchange::published_text(rows, "llama-2-7b").find("not compared with 0.7520") != std::string::npos);
    }

    TEST_CASE("what is not compared is said once for several runs and a page has its cells as in other tables") {
        const reports::RunView run = run_of({task("arc_easy", "lmeval", 0, "acc", 0.74, 0.01),
                                             task("paper_piqa", "llama2-paper", 0, "acc_norm", 0.74, 0.01)});
        const auto rows = interchange::published_rows({run, run}, "llama-2-7b");
        for (const std::string& text :
             {interchange::published_text(rows, "llama-2-7b"), interchange::published_markdown(rows, "llama-2-7b"),
              interchange::published_html(rows, "llama-2-7b")}) {
            CAPTURE(text);
            CHECK(text.find("not compared with 0.7520") != std::string::npos);
            CHECK(text.find("not compared with 0.7520") == text.rfind("not compared with 0.7520"));
        }
        const std::string page = interchange::published_html(rows, "llama-2-7b");
        // On a narrow screen a cell stands below its title; a long source wraps instead of pushing the table out.
        CHECK(page.find("<td class=\"number\" data-title=\"value\">0.7400</td>") != std::string::npos);
        CHECK(page.find("<td class=\"prose\" data-title=\"source\">") != std::string::npos);
        CHECK(page.find("<th scope=\"row\" class=\"key0\">paper_piqa</th>") != std::string::npos);
    }

    TEST_CASE("a published metric that the task does not measure is not held against another") {
        const auto rows = interchange::published_rows(
            {run_of({task("paper_arc_easy", "llama2-paper", 0, "bits_per_byte", 0.74, 0.01)})}, "llama-2-7b");
        REQUIRE(rows.size() == 1);
        CHECK(rows[0].not_compared == "published as acc, which the task does not measure");
    }

    TEST_CASE("the examples of the run choose among the published numbers") {
        for (const auto& [shots, expected] :
             std::vector<std::pair<std::uint32_t, double>>{{0, 0.658}, {1, 0.689}, {5, 0.721}, {64, 0.737}}) {
            const auto rows = interchange::published_rows(
                {run_of({task("paper_triviaqa", "llama2-paper", shots, "exact", 0.7, 0.01)})}, "llama-2-7b");
            REQUIRE(rows.size() == 1);
            CHECK(rows[0].expected == doctest::Approx(expected));
        }
    }

    TEST_CASE("a group is compared when the run has all of its tasks and by the paper's own rule") {
        const std::vector<reports::TaskView> both = {task("paper_nq_open", "llama2-paper", 5, "exact", 0.257, 0.01),
                                                     task("paper_triviaqa", "llama2-paper", 5, "exact", 0.721, 0.01)};
        const auto rows = interchange::published_rows({run_of(both)}, "llama-2-7b");
        REQUIRE(rows.size() == 3);
        CHECK(rows[2].task == "paper_world_knowledge");
        CHECK(rows[2].value == doctest::Approx(0.489));
        CHECK(rows[2].expected == doctest::Approx(0.489));  // table 3
        CHECK(rows[2].ci95.high - rows[2].value == doctest::Approx(1.96 * std::sqrt(2e-4) / 2));
        CHECK(interchange::published_rows({run_of({both[0]})}, "llama-2-7b").size() == 1);
    }

    TEST_CASE("an erroneous cell is replaced by what it should say and the printed number is shown") {
        const auto tasks = suites::select_tasks("paper_math");
        std::vector<reports::TaskView> views;
        for (const suites::Task& one : tasks)
            views.push_back(
                task(one.name(), "llama2-paper", one.default_fewshot(), one.metrics().front().name, 0.1, 0.01));
        for (const interchange::PublishedRow& row : interchange::published_rows({run_of(views)}, "llama-2-7b")) {
            if (row.task != "paper_math") continue;
            CHECK(row.expected == doctest::Approx(0.0855));
            CHECK(interchange::published_text({row}, "llama-2-7b").find("0.0855 (printed 0.1460)") !=
                  std::string::npos);
            CHECK(interchange::published_text({row}, "llama-2-7b").find("prints GSM8K alone") != std::string::npos);
            return;
        }
        FAIL("no row for the group");
    }

    TEST_CASE("an unknown model is an error and a task without numbers is not") {
        CHECK_THROWS_WITH_AS(interchange::published_rows({}, "lama-2-7b"),
                             "there are no published numbers for the model 'lama-2-7b'; did you mean \"llama-2-7b\"?",
                             suites::SuiteError);
        const auto rows =
            interchange::published_rows({run_of({task("demo_facts", "demo", 0, "acc", 1, 0)})}, "llama-2-7b");
        CHECK(rows.empty());
        CHECK(interchange::published_text(rows, "llama-2-7b").find("There are none for these tasks") !=
              std::string::npos);
    }

    TEST_CASE("hostile names stay text in every format") {
        reports::RunView run = run_of({task("paper_arc_easy", "llama2-paper", 0, "acc", 0.74, 0.01)});
        run.variant = "<script>|x\x1b[2J";
        const auto rows = interchange::published_rows({run}, "llama-2-7b");
        CHECK(interchange::published_html(rows, "llama-2-7b").find("<script>") == std::string::npos);
        CHECK(interchange::published_html(rows, "llama-2-7b").find("&lt;script&gt;") != std::string::npos);
        CHECK(interchange::published_markdown(rows, "llama-2-7b").find("\\<script\\>\\|x") != std::string::npos);
        CHECK(interchange::published_text(rows, "llama-2-7b").find('\x1b') == std::string::npos);
    }
}
