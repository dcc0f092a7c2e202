#include <doctest/doctest.h>

#include "harness/results/categories.hpp"
#include "harness/results/report.hpp"
#include "harness/results/run_command.hpp"
#include "harness/results/run_cost.hpp"
#include "harness/store/database.hpp"
#include "tests/harness/run_tasks.hpp"
#include "tests/harness/scripted_model.hpp"
#include "tests/support/temporary.hpp"

using namespace harness;

namespace {

struct RunsInFile {
    Temporary folder;
    store::Database database{folder / "a.sqlite", store::OpenMode::Create};
    store::RunStore runs{database};

    /// The command of a run of two tasks of the demonstration.
    reports::data::ReproductionView command_of(const run::RunOptions& options) {
        ScriptedModel model;
        run_tasks(model, harness_test::select_tasks("demo_facts,demo_sums"), runs, options);
        return results::run_command(runs, runs.runs().back(), harness_test::catalog());
    }

    /// A run of one task with one item of two requests.
    store::RunRow add_counted(const std::string& finished) {
        store::RunTaskRow task;
        task.task = "t";
        task.planned_items = 1;
        task.kind = "generate";
        store::RunRow plan;
        plan.plan_hash = "h";
        plan.plan_json = "{}";
        plan.model_fingerprint = "f";
        plan.created = "2026-01-31T23:59:00Z";
        const store::RunRow row =
            runs.open_run({"f", "m", "m.gguf", R"({"weight_bytes": 1000, "quantisation": "Q4_0"})"}, plan, {task});
        store::RequestRow first{.kind = "generate", .context = "question", .output = "answer"};
        first.context_tokens = 7;
        first.tokens = {{1, 0}, {2, 0}};
        store::RequestRow second = first;
        second.tokens.push_back({3, 0});
        store::ItemRow item;
        item.document_json = "{}";
        item.requests = {first, second};
        runs.add_items(runs.tasks(row.id).front().id, {item});
        if (!finished.empty()) runs.finish_run(row.id, finished);
        return runs.runs().back();
    }
};

store::DocumentRow document_row(const std::string& json) {
    return {.doc = 0, .document_json = json, .target = ""};
}

}  // namespace

TEST_SUITE("results.background") {
    TEST_CASE("the command of a run has its model and tasks and documents and the options that are not the default") {
        run::RunOptions options;
        options.limit = 3;
        CHECK(RunsInFile().command_of(options).command ==
              "bellwether run --model scripted --suite demo_facts,demo_sums --limit 3 --context 4096");
        options.limit = 4;
        options.seed = 7;
        options.bos = model::BosProfile::None;
        options.temperature = 0.5F;
        options.chat = true;
        options.system_prompt = "Don't guess.";
        CHECK(RunsInFile().command_of(options).command ==
              "bellwether run --model scripted --suite demo_facts,demo_sums --limit 4 --seed 7 --chat "
              "--system 'Don'\\''t guess.' --no-bos --temperature 0.5 --context 4096");
    }

    TEST_CASE("more or longer answers are options of the command") {
        run::RunOptions options;
        options.limit = 2;
        options.temperature = 0.75F;
        options.samples = 3;
        options.max_tokens = 9;
        CHECK(
            RunsInFile().command_of(options).command ==
            "bellwether run --model scripted --suite demo_facts,demo_sums --limit 2 --temperature 0.75 --max-tokens 9 "
            "--samples 3 --context 4096");
    }

    TEST_CASE("a run whose tasks this version does not have has no command and says why") {
        RunsInFile file;
        const store::RunRow row = file.add_counted("");
        const auto found = results::run_command(file.runs, row, harness_test::catalog());
        CHECK(found.command.empty());
        CHECK(found.remark ==
              "No command can be formed: this version does not have its tasks; those of a folder need --tasks.");
    }

    TEST_CASE("time and tokens and size are those that the store has") {
        RunsInFile file;
        const auto cost = results::run_cost(file.runs, file.add_counted("2026-02-01T00:01:05Z"));
        CHECK(cost.seconds == 125);
        CHECK(cost.prompt_tokens == 14);
        CHECK(cost.answer_tokens == 5);
        CHECK(cost.weight_bytes == 1000);
        CHECK(cost.quantisation == "Q4_0");
    }

    TEST_CASE("an unfinished run and one of shards have no time") {
        RunsInFile file;
        CHECK_FALSE(results::run_cost(file.runs, file.add_counted("")).seconds.has_value());
        RunsInFile sharded;
        const store::RunRow row = sharded.add_counted("2026-02-01T00:01:05Z");
        sharded.runs.begin_shard(row.id, 1, 2);
        CHECK_FALSE(results::run_cost(sharded.runs, row).seconds.has_value());
    }

    TEST_CASE("categories are those of the documents and a document without one has none") {
        const auto found = results::categories_of({document_row(R"({"category": "b", "subject": "x"})"),
                                                   document_row(R"({"category": "a"})"), document_row("{}"),
                                                   document_row("not JSON"), document_row(R"({"category": "b"})")});
        CHECK(found.names == std::vector<std::string>{"b", "a"});
        REQUIRE(found.of_item.size() == 5);
        CHECK(found.of_item[0] == 0);
        CHECK(found.of_item[1] == 1);
        CHECK(found.of_item[2] >= found.names.size());
        CHECK(found.of_item[3] >= found.names.size());
        CHECK(found.of_item[4] == 0);
        CHECK(results::categories_of({document_row(R"({"subject": "law"})")}).names.front() == "law");
        CHECK(results::categories_of({document_row("[1]")}).names.empty());
        CHECK(results::categories_of({}).names.empty());
    }
}
