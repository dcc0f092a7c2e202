#include "reports/sections/documents_to_show.hpp"

#include <doctest/doctest.h>

#include "reports/sections/browsed_items.hpp"
#include "tests/reports/samples.hpp"

using namespace reports::data;
using namespace reports::sections;
using namespace reports_test;

namespace {

using Numbers = std::vector<std::uint64_t>;

constexpr std::size_t kPlenty = 1000;

RunView run_of_sums(std::int64_t id, const std::string& text) {
    return run(id, "a", {task("sums", {metric("acc", marks(text))})});
}

}  // namespace

TEST_SUITE("reports.browsed items") {
    TEST_CASE("documents on which runs differ are shown before errors and wrong answers") {
        // Documents: 0 both right, 1 both wrong, 2 both unscored, 3 and 5 differ, 4 both wrong.
        const std::vector<RunView> runs = {run_of_sums(1, "10-100"), run_of_sums(2, "10-001")};
        const auto shown = [&runs](std::size_t count) {
            return documents_to_show(runs, {.per_task = count, .in_all = kPlenty}).at(0).at(0);
        };
        CHECK(shown(0) == Numbers{});
        CHECK(shown(2) == Numbers{3, 5});
        CHECK(shown(3) == Numbers{2, 3, 5});
        CHECK(shown(4) == Numbers{1, 2, 3, 5});
        CHECK(shown(6) == Numbers{0, 1, 2, 3, 4, 5});
        CHECK(shown(100) == Numbers{0, 1, 2, 3, 4, 5});
    }

    TEST_CASE("a document of two runs counts once and is shown of both under its own number") {
        std::vector<RunView> runs = {run_of_sums(1, "111"), run_of_sums(2, "110")};
        runs[0].tasks[0].docs.contents = {7, 8, 9};
        runs[1].tasks[0].docs.contents = {9, 7, 8};  // its document 2 is the first run's document 1, which differs
        const ChosenDocuments chosen = documents_to_show(runs, {.per_task = 1, .in_all = kPlenty});
        CHECK(chosen[0][0] == Numbers{1});
        CHECK(chosen[1][0] == Numbers{2});
    }

    TEST_CASE("documents that only the second run has are shown too") {
        std::vector<RunView> runs = {run_of_sums(1, "1"), run_of_sums(2, "100")};
        const ChosenDocuments chosen = documents_to_show(runs, {.per_task = kPlenty, .in_all = kPlenty});
        CHECK(chosen[0][0] == Numbers{0});
        CHECK(chosen[1][0] == Numbers{0, 1, 2});
    }

    TEST_CASE("where lower is better a 1 is wrong") {
        std::vector<RunView> runs = {run_of_sums(1, "010")};
        runs[0].tasks[0].metrics[0].higher_is_better = false;
        CHECK(documents_to_show(runs, {.per_task = 1, .in_all = kPlenty})[0][0] == Numbers{1});
    }

    TEST_CASE("shares are equal except for those who want less") {
        using Counts = std::vector<std::size_t>;
        CHECK(equal_shares({10, 10}, 6) == Counts{3, 3});
        CHECK(equal_shares({1, 10, 10}, 9) == Counts{1, 4, 4});
        CHECK(equal_shares({10, 2, 10}, 100) == Counts{10, 2, 10});
        CHECK(equal_shares({5, 5, 5}, 7) == Counts{2, 2, 3});
        CHECK(equal_shares({}, 7) == Counts{});
    }

    TEST_CASE("the documents of all tasks together are limited") {
        const RunView both =
            run(1, "a", {task("small", {metric("acc", marks("11"))}), task("large", {metric("acc", marks("111111"))})});
        const ChosenDocuments chosen = documents_to_show({both}, {.per_task = kPlenty, .in_all = 5});
        CHECK(chosen[0][0] == Numbers{0, 1});
        CHECK(chosen[0][1] == Numbers{0, 1, 2});
    }

    TEST_CASE("problems of an item are kinds without its numbers") {
        TaskView view = task("sums", {metric("acc", marks("1"))});
        view.counters = {{"extraction_failed", 1}, {"other", 0}};
        ItemView item{
            .doc = 0,
            .target = "",
            .error = "2 of 17 tokens are missing",
            .exchanges = {{"generate", "p", "a", std::nullopt, "length", 3}, {"generate", "p", "b", std::nullopt}},
            .scores = {{"extraction_failed", {1.0}}, {"other", {0.0}}}};
        const auto problems = [&view, &item](Judged::Verdict verdict) {
            return problems_of({.item = &item, .exists = true, .judged = {verdict, std::nullopt}}, view);
        };
        CHECK(problems(Judged::Verdict::Error) ==
              std::vector<std::string>{"error: N of N tokens are missing", "extraction_failed",
                                       "answer ended by the limit of its length", "prompt cut on the left"});
        item = {.doc = 0, .target = "", .error = "", .exchanges = {}, .scores = {}};
        CHECK(problems(Judged::Verdict::Unscored) == std::vector<std::string>{"no score"});
        CHECK(problems(Judged::Verdict::Correct).empty());
        CHECK(problems_of({}, view).empty());
    }
}
