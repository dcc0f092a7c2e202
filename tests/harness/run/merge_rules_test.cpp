#include <doctest/doctest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>

#include "harness/base/pending_file.hpp"
#include "harness/base/work_error.hpp"
#include "harness/run/merge.hpp"
#include "harness/store/accuracy_store.hpp"
#include "harness/store/database.hpp"
#include "harness/store/rating_store.hpp"
#include "harness/store/run_store.hpp"
#include "harness/store/score_store.hpp"
#include "harness/store/study_ratings.hpp"
#include "harness/store/study_store.hpp"
#include "tests/harness/run/merge_result.hpp"
#include "tests/harness/store/rows.hpp"
#include "tests/support/temporary.hpp"
#include "tests/support/text.hpp"

using namespace harness;
using namespace harness::store;
using run::merge;
using run::MissingItems;

namespace {

/// A test database's part of the run: items, and its date.
struct Part {
    std::vector<ItemRow> items = {};
    std::string created = "2024-01-02T00:00:00Z";
    std::string finished = {};
    std::vector<ShardRow> shards = {};
    std::string numerics = "exact-4";
    std::uint64_t planned = 3;
};

std::string made(const std::string& path, const Part& part) {
    const Database database(path, OpenMode::Create);
    RunStore runs(database);
    RunRow row = plan("abcd1");
    row.created = part.created;
    row.numerics = part.numerics;
    row.settings_json = R"({"chat":true})";
    std::vector<RunTaskRow> tasks = one_task();
    tasks[0].planned_items = part.planned;
    tasks[0].scorer.kind = "import";
    const RunRow run = runs.open_run(kModel, row, tasks, {{"g", "p", "members", {{"t"}}}});
    runs.add_items(runs.tasks(run.id).at(0).id, part.items);
    for (const ShardRow& shard : part.shards) runs.add_shard(run.id, shard);
    if (!part.finished.empty()) runs.finish_run(run.id, part.finished);
    return path;
}

std::size_t files_in(const std::string& folder) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

}  // namespace

TEST_SUITE("harness.merge") {
    TEST_CASE("the studies of all databases with their ratings are in the merged one") {
        const Temporary folder;
        std::vector<std::string> sites;
        for (const std::string rater : {"ada", "bob"}) {
            sites.push_back(made(folder / rater, {.items = {item(0), item(1), item(2)}}));
            const Database database(sites.back(), OpenMode::ReadWrite);
            StudyStore studies(database);
            const StudyRow study =
                studies.add({.name = "s", .hash = std::string(64, 'a'), .protocol = "safety", .definition_json = "{}"},
                            {{.prompt_hash = std::string(64, 'b'),
                              .turns_json = R"([{"role":"user","content":"?"}])",
                              .answers = {{.variant = "v", .text = "t"}}}});
            studies.add_rater(study.id, {.id = rater});
            RatingStore ratings(database);
            ratings.add_assignment({.id = "x" + rater, .item = studies.items(study.id)[0].id, .rater = rater});
            ratings.add_event({.assignment = "x" + rater, .at = 1, .choice = {.value = 4}});
        }
        merge(folder / "out", sites, MissingItems::Refused);
        const Database database(folder / "out", OpenMode::ReadOnly);
        CHECK(ratings(database, StudyStore(database).find("s").value()).size() == 2);
    }

    TEST_CASE("a merged run keeps its dates and settings and metrics and groups") {
        const Temporary folder;
        const std::string whole =
            made(folder / "a", {.items = {item(0), item(1), item(2)}, .finished = "2024-01-03T00:00:00Z"});
        merge(folder / "out", {whole}, MissingItems::Refused);
        const Database database(folder / "out", OpenMode::ReadOnly);
        const RunStore runs(database);
        const RunRow run = runs.find_run("latest");
        CHECK(run.created == "2024-01-02T00:00:00Z");
        CHECK(run.finished == "2024-01-03T00:00:00Z");
        CHECK(run.numerics == "exact-4");
        CHECK(run.settings_json == R"({"chat":true})");
        const RunTaskRow task = runs.tasks(run.id).at(0);
        CHECK(task.metrics == one_task()[0].metrics);
        CHECK(task.scorer.kind == "import");
        CHECK(runs.groups(run.id) == std::vector<GroupRow>{{"g", "p", "members", {{"t", ""}}}});
    }

    TEST_CASE("merged shards have the start of the first and the end of the last") {
        const Temporary folder;
        const std::string first =
            made(folder / "a", {.items = {item(0), item(2)},
                                .created = "2024-01-05T00:00:00Z",
                                .shards = {{1, 2, "2024-01-05T00:00:00Z", "2024-01-09T00:00:00Z"}}});
        const std::string second =
            made(folder / "b", {.items = {item(1)},
                                .created = "2024-01-04T00:00:00Z",
                                .shards = {{2, 2, "2024-01-04T00:00:00Z", "2024-01-06T00:00:00Z"}}});
        merge(folder / "out", {first, second}, MissingItems::Refused);
        const Database database(folder / "out", OpenMode::ReadOnly);
        const RunStore runs(database);
        CHECK(runs.find_run("latest").created == "2024-01-04T00:00:00Z");
        CHECK(runs.find_run("latest").finished == "2024-01-09T00:00:00Z");
        CHECK(runs.shards(1).size() == 2);
    }

    TEST_CASE("scores of later scorers are combined and a scorer that disagrees with itself is an error") {
        const Temporary folder;
        const auto judged = [&](const char* name, std::uint64_t doc, double value) {
            std::string path = made(folder / name, {.items = {item(0), item(1), item(2)}});
            const Database database(path, OpenMode::ReadWrite);
            ScoreStore scores(database);
            for (int i = 0; i < value * 10; ++i)  // ids of scorers differ between databases
                scores.add_scorer({.kind = "refusal", .name = std::string(name) + std::to_string(i)});
            const std::int64_t judge = scores.add_scorer({.kind = "judge", .name = "j"});
            scores.add_scores(judge, {{1, doc, {"helpful", value}}});
            return path;
        };
        const std::string first = judged("a", 0, 0.25);
        const std::string second = judged("b", 2, 0.5);
        merge(folder / "out", {first, second}, MissingItems::Refused);
        const Database database(folder / "out", OpenMode::ReadOnly);
        const TaskColumns columns = ScoreStore(database).columns(1).at(0);
        const auto judge = std::find_if(columns.columns.begin(), columns.columns.end(),
                                        [](const ScoreColumn& column) { return column.metric == "helpful"; });
        REQUIRE(judge != columns.columns.end());
        CHECK(judge->values == std::vector<std::optional<double>>{0.25, std::nullopt, 0.5});
        CHECK(has(merge_result(folder / "other", {first, judged("c", 0, 0.75)}),
                  "document 0 of t (run 1) with other bytes"));
    }

    TEST_CASE("scores of single answers are combined") {
        const Temporary folder;
        const auto rewarded = [&](const char* name, std::uint64_t doc, double value) {
            std::vector<ItemRow> items = {item(0), item(1), item(2)};
            for (ItemRow& one : items) one.requests = {{.kind = "generate", .context = "Q", .output = "A"}};
            std::string path = made(folder / name, {.items = items});
            const Database database(path, OpenMode::ReadWrite);
            ScoreStore scores(database);
            const std::int64_t reward = scores.add_scorer({.kind = "reward", .name = "safe"});
            scores.add_scores(reward, {{1, doc, {.metric = "reward", .value = value, .position = 0}}});
            return path;
        };
        merge(folder / "out", {rewarded("a", 0, -1.5), rewarded("b", 2, 2.5)}, MissingItems::Refused);
        const Database database(folder / "out", OpenMode::ReadOnly);
        const RunStore runs(database);
        CHECK(runs.item(1, 0)->later.back().value == -1.5);
        CHECK(runs.item(1, 2)->later.back().value == 2.5);
        CHECK(runs.item(1, 2)->later.back().position == 0);
    }

    TEST_CASE("a merged run keeps the newest measured accuracy of its scorers whatever the order of the files") {
        const Temporary folder;
        const auto judged = [&](const char* name, std::uint64_t doc, const char* date) {
            std::string path = made(folder / name, {.items = {item(0), item(1), item(2)}});
            const Database database(path, OpenMode::ReadWrite);
            ScoreStore scores(database);
            scores.add_scorer({.kind = "judge", .name = name});  // ids of scorers differ between databases
            const std::int64_t judge = scores.add_scorer({.kind = "judge", .name = "guard"});
            scores.add_scores(judge, {{1, doc, {"violation", 0.5}}});
            AccuracyStore(database).set({.scorer = judge,
                                         .scale = "harm",
                                         .labels_hash = std::string(64, 'a'),
                                         .labels = "labels.csv",
                                         .items = 10 + doc,
                                         .metrics_json = "{}",
                                         .created = date});
            return path;
        };
        const std::string older = judged("a", 0, "2025-01-01T00:00:00Z");
        const std::string newer = judged("b", 2, "2025-02-01T00:00:00Z");
        for (const auto& order : {std::vector{older, newer}, std::vector{newer, older}}) {
            const std::string out = folder / ("out" + order[0].substr(order[0].size() - 1));
            merge(out, order, MissingItems::Refused);
            const Database database(out, OpenMode::ReadOnly);
            const std::vector<ScorerAccuracyRow> rows = AccuracyStore(database).of_run(1);
            REQUIRE(rows.size() == 1);
            CHECK(rows[0].items == 12);
        }
    }

    TEST_CASE("runs with different numerics are not merged whatever their plan says") {
        const Temporary folder;
        const std::string exact = made(folder / "a", {.items = {item(0)}});
        const std::string fast = made(folder / "b", {.items = {item(1), item(2)}, .numerics = "fast-3"});
        CHECK(has(merge_result(folder / "out", {exact, fast}), "another numerics: 'exact-4' and 'fast-3'"));
        CHECK(files_in(folder / "") == 2);
    }

    TEST_CASE("only one merge at a time writes a file and the other is refused") {
        const Temporary folder;
        const std::string whole = made(folder / "a", {.items = {item(0), item(1), item(2)}});
        {
            const base::PendingFile other(folder / "out");
            CHECK_THROWS_AS(merge(folder / "out", {whole}, MissingItems::Refused), base::WorkError);
            CHECK(has(merge_result(folder / "out", {whole}), "another process is writing it"));
        }
        CHECK(merge_result(folder / "out", {whole}) == "merged");
        CHECK(has(merge_result(folder / "out", {whole}), "already exists"));
        CHECK(files_in(folder / "") == 2);
    }

    TEST_CASE("one of several concurrent merges to one name succeeds even if the others are killed") {
        const Temporary folder;
        std::vector<ItemRow> items;
        for (std::uint64_t doc = 0; doc < 3000; ++doc) items.push_back(item(doc));
        const std::string whole = made(folder / "a", {.items = items, .planned = 3000});
        for (int round = 0; round < 6; ++round) {
            CAPTURE(round);
            const std::string out = folder / ("out" + std::to_string(round));
            std::vector<pid_t> children;
            for (int i = 0; i < 3; ++i) {
                const pid_t child = fork();
                if (child == 0) _exit(merge_result(out, {whole}) == "merged" ? 0 : 1);
                children.push_back(child);
            }
            if (round % 2 == 1) {
                usleep(static_cast<useconds_t>(20000 * round));
                kill(children[0], SIGKILL);
            }
            int made_it = 0;
            bool killed = false;
            for (const pid_t child : children) {
                int status = 0;
                waitpid(child, &status, 0);
                made_it += WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 1 : 0;
                killed = killed || WIFSIGNALED(status);
            }
            CHECK(made_it <= 1);
            CHECK((made_it == 1 || killed));
            if (made_it == 0) CHECK(merge_result(out, {whole}) == "merged");
            const Database database(out, OpenMode::ReadOnly);
            CHECK(RunStore(database).finished_docs(1).size() == 3000);
        }
        CHECK(files_in(folder / "") == 1 + 6);
    }

    TEST_CASE("forged counts cause no work") {
        const Temporary folder;
        const auto start = std::chrono::steady_clock::now();
        const std::string forged = made(
            folder / "a",
            {.items = {item(0)}, .shards = {{1, 9223372036854775807U}, {1, 1000000}}, .planned = 9223372036854775807U});
        const std::string message = merge_result(folder / "out", {forged});
        CAPTURE(message);
        CHECK(has(message,
                  "9223372036854775806 items are missing (t has 1 of 9223372036854775807): no database has "
                  "shard 2/1000000, 3/1000000, 4/1000000, 5/1000000, 6/1000000 and 999994 more"));
        ItemRow last = item(9223372036854775807U);
        CHECK(merge_result(folder / "out", {made(folder / "b", {.items = {last}, .planned = 1})}) == "merged");
        CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
    }
}
