#include <doctest/doctest.h>

#include <sys/wait.h>
#include <unistd.h>
#include <array>

#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "harness/results/jsonl_export.hpp"
#include "harness/results/run_view.hpp"
#include "harness/run/code_grader.hpp"
#include "harness/store/database.hpp"
#include "tests/harness/catalog.hpp"
#include "tests/harness/run_tasks.hpp"
#include "tests/harness/scripted_model.hpp"
#include "tests/support/temporary.hpp"

using namespace harness;
using engine::TokenId;

namespace {

std::vector<TokenId> bytes(const std::string& text) {
    return ByteTokenizer().encode(text, engine::Bos::No);
}

run::Outcome execute(engine::LanguageModel& model, store::RunStore& store, const run::RunOptions& options = {},
                     const std::string& suite = "demo_facts,demo_sums", const run::Work& work = {}) {
    return run_tasks(model, harness_test::select_tasks(suite), store, options, work);
}

std::string exported(const store::RunStore& store, const std::string& run = "latest") {
    std::ostringstream out;
    results::export_jsonl(store, store.find_run(run), [&out](std::string_view line) { out << line; });
    return out.str();
}

}  // namespace
TEST_SUITE("harness.run") {
    TEST_CASE("a run stores every item and a second one does no work") {
        const Temporary folder;
        ScriptedModel model;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore store(database);
        const run::Outcome first = execute(model, store);
        CHECK(first.items == 64 + 60);
        CHECK(first.computed_items == first.items);
        CHECK(first.errors == 0);
        CHECK_FALSE(store.find_run("latest").finished.empty());
        const std::uint64_t work = model.work;
        const run::Outcome second = execute(model, store);
        CHECK(second.run == first.run);
        CHECK(second.computed_items == 0);
        CHECK(model.work == work);
    }

    TEST_CASE("another setting is another run") {
        const Temporary folder;
        ScriptedModel model;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore store(database);
        std::vector<std::int64_t> runs = {execute(model, store).run};
        for (const auto& change : std::vector<std::function<void(run::RunOptions&)>>{
                 [](auto& o) { o.limit = 5; }, [](auto& o) { o.bos = model::BosProfile::None; },
                 [](auto& o) { o.temperature = 1; }, [](auto& o) { o.chat = true; },
                 [](auto& o) { o.sampling_seed = 2; }}) {
            run::RunOptions options;
            change(options);
            runs.push_back(execute(model, store, options).run);
        }
        model.card_.numerics = "scripted-2";
        runs.push_back(execute(model, store).run);
        for (std::size_t i = 0; i < runs.size(); ++i) CHECK(runs[i] == static_cast<std::int64_t>(i + 1));
    }

    TEST_CASE("a task with a fixed number of few-shot examples is one run whatever number is requested") {
        const Temporary folder;
        const suites::Task fixed = harness_test::select_tasks("demo_sums")
                                       .at(0)
                                       .with(nlohmann::json::parse(R"({"fewshot": 1, "fewshot_fixed": true,
            "examples": [{"a": 1, "b": 3, "answer": "4", "held_out": true}]})"));
        ScriptedModel model;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore store(database);
        run::RunOptions options;
        options.limit = 2;
        const run::Outcome plain = run_tasks(model, {fixed}, store, options);
        options.fewshot = 3;
        const run::Outcome asked = run_tasks(model, {fixed}, store, options);
        CHECK(asked.run == plain.run);
        CHECK(asked.computed_items == 0);
        CHECK(store.tasks(plain.run).at(0).fewshot == 1);
    }

    TEST_CASE("the size of a batch changes no byte of the export") {
        std::string expected;
        for (const std::size_t batch : {0U, 1U, 7U, 1000U}) {
            const Temporary folder;
            ScriptedModel model;
            const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
            store::RunStore store(database);
            execute(model, store, {}, "demo_facts,demo_sums", {.batch_items = batch});
            if (expected.empty()) expected = exported(store);
            CHECK(exported(store) == expected);
        }
        CHECK(expected.size() > 10000);
    }

    TEST_CASE("an item that the model rejects is an error and the others are run") {
        const Temporary folder;
        ScriptedModel model;
        const std::vector<TokenId> rejected = bytes("Question: What animal lives in Brindle?\nAnswer:");
        model.reject = [&](const std::vector<TokenId>& context) {
            return std::equal(rejected.begin(), rejected.end(), context.begin() + 1, context.end());
        };
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore store(database);
        const run::Outcome outcome = execute(model, store, {}, "demo_facts");
        CHECK(outcome.computed_items == 64);
        CHECK(outcome.errors == 1);
        const auto view = results::run_view(store, store.find_run("latest"), harness_test::catalog());
        CHECK(view.tasks.at(0).errors == 1);
        CHECK(exported(store).find("\"error\":\"the script rejects this context\"") != std::string::npos);
    }

    TEST_CASE("a lost device ends the call and stored items stay") {
        const Temporary folder;
        ScriptedModel model;
        int left = 100;
        model.before_request = [&left] {
            if (--left == 0) throw engine::EngineError(engine::EngineError::Kind::Device, "the device was lost");
        };
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore store(database);
        const run::Work work{.batch_items = 4};
        CHECK_THROWS_AS(execute(model, store, {}, "demo_facts,demo_sums", work), engine::EngineError);
        const store::RunRow run = store.find_run("latest");
        CHECK(run.finished.empty());
        const auto stored = store.finished_docs(store.tasks(run.id).at(0).id).size();
        CHECK(stored == 24);  // 6 complete batches of 4 items with 4 choices
        model.before_request = nullptr;
        CHECK(execute(model, store).computed_items == 64 + 60 - stored);
    }

    TEST_CASE("an item whose question would be cut is an error by default") {
        const Temporary folder;
        ScriptedModel model;
        model.card_.context_length = 20;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore store(database);
        run::RunOptions options;
        options.limit = 1;
        CHECK(execute(model, store, options, "demo_sums").errors == 1);
        CHECK(model.prompts.empty());
        CHECK(exported(store).find("the question itself would be cut") != std::string::npos);
        const auto view = results::run_view(store, store.find_run("latest"), harness_test::catalog());
        REQUIRE(view.tasks.at(0).metrics.size() == 1);  // shown without a number, beside its errors
        CHECK(view.tasks.at(0).metrics[0].scored == 0);

        options.cut_questions = true;
        CHECK(execute(model, store, options, "demo_sums").errors == 0);  // another plan, so another run
        REQUIRE(model.prompts.size() == 1);
        CHECK(model.prompts[0].size() == 12);  // room for up to 8 new tokens
        CHECK(ByteTokenizer().decode(model.prompts[0]).ends_with("\nAnswer:"));
    }

    TEST_CASE("few-shot examples that do not fit are cut and counted") {
        const Temporary folder;
        std::ofstream(folder / "test.jsonl") << R"({"q": "2+2", "a": "4"})"
                                             << "\n";
        std::ofstream(folder / "train.jsonl") << R"({"q": "1+1", "a": "2"})"
                                              << "\n";
        const suites::Task task = harness_test::task_of(nlohmann::json::parse(R"({
        "name": "sums", "version": 1, "profile": "own", "kind": "generate", "description": "Sums", "source": "here", "licence": "none", "citation": "none",
        "data": {"test": ["test.jsonl"], "shots": ["train.jsonl"]}, "fewshot": 1,
        "prompt": "Question: {{q}}=", "answer": "{{a}}", "max_tokens": 8, "metrics": ["exact_match"]})"),
                                                        "sums.json");
        ScriptedModel model;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore store(database);
        run::RunOptions options;
        options.data_dir = folder / "";
        const auto prompt = [&](std::uint32_t context_length) {
            model.card_.context_length = context_length;
            const run::Outcome outcome = run_tasks(model, {task}, store, options);
            return outcome.errors == 0 ? ByteTokenizer().decode(model.prompts.back()) : "an error";
        };
        const auto counted = [&store] {
            const store::RunRow run = store.find_run("latest");
            const std::vector<store::ItemRow> items = store.items(store.tasks(run.id).at(0).id);
            for (const store::ScoreRow& score : items.at(0).scores) {
                if (score.metric == "prompt_truncated") return score.value.value_or(-1);
            }
            return -1.0;
        };
        CHECK(prompt(100) == "Question: 1+1= 2\n\nQuestion: 2+2=");
        CHECK(counted() == 0);
        CHECK(prompt(14 + 5 + 8) == "= 2\n\nQuestion: 2+2=");  // the question's 14 tokens, 5 more, and 8 for the answer
        CHECK(counted() == 1);
        CHECK(prompt(14 - 1 + 8) == "an error");
    }

    TEST_CASE("an output may use the context after its prompt and a prompt at least half of the context") {
        const Temporary folder;
        std::ofstream(folder / "test.jsonl") << R"({"q": "2+2", "a": "4"})"
                                             << "\n";
        ScriptedModel model;
        model.card_.context_length = 40;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore store(database);
        run::RunOptions options;
        options.data_dir = folder / "";
        const auto errors = [&](std::uint32_t max_tokens, std::size_t prompt) {
            const suites::Task task = harness_test::task_of({{"name", "sums"},
                                                             {"version", 1},
                                                             {"profile", "own"},
                                                             {"kind", "generate"},
                                                             {"description", "Sums"},
                                                             {"source", "here"},
                                                             {"licence", "none"},
                                                             {"citation", "none"},
                                                             {"data", {{"test", {"test.jsonl"}}}},
                                                             {"prompt", "{{q}}" + std::string(prompt - 4, 'x')},
                                                             {"answer", "{{a}}"},
                                                             {"max_tokens", max_tokens},
                                                             {"metrics", {"exact_match"}}},
                                                            "sums.json");  // BOS, the question's 3 bytes and the rest
            return run_tasks(model, {task}, store, options).errors;
        };
        for (const auto& lengths :
             std::vector<std::array<std::uint32_t, 3>>{{8, 10, 8}, {30, 10, 30}, {31, 10, 30}, {1000, 20, 20}}) {
            const std::uint32_t max_tokens = lengths[0];
            const std::uint32_t prompt = lengths[1];
            const std::uint32_t asked = lengths[2];
            CAPTURE(max_tokens);
            REQUIRE(errors(max_tokens, prompt) == 0);
            CHECK(model.prompts.back().size() == prompt);
            CHECK(model.max_tokens.back() == asked);
        }
        CHECK(errors(1000, 22) == 1);  // one token beyond is BOS, the next is the question's
        CHECK(errors(8, 32) == 0);
        CHECK(errors(8, 34) == 1);
    }

    TEST_CASE("an item whose log-probability is not a number is an error and has no score") {
        const Temporary folder;
        ScriptedModel model;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore store(database);
        run::RunOptions options;
        options.limit = 8;
        execute(model, store, options, "demo_facts");
        const auto first = store.items(store.tasks(store.find_run("latest").id).at(0).id);
        ScriptedModel broken;
        broken.card_.fingerprint = "another";
        broken.not_a_number = first.at(0).requests.at(0).tokens.at(0).id;
        const run::Outcome outcome = execute(broken, store, options, "demo_facts");
        CHECK(outcome.errors > 0);
        const auto items = store.items(store.tasks(store.find_run("latest").id).at(0).id);
        CHECK(items.at(0).error.find("is not a number (NaN)") != std::string::npos);
        CHECK(items.at(0).scores.empty());
    }

    TEST_CASE("a run counts the requested and the computed tokens") {
        const Temporary folder;
        ScriptedModel model;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore store(database);
        run::RunOptions options;
        options.limit = 3;
        const run::Outcome outcome = execute(model, store, options, "demo_facts");
        std::uint64_t tokens = 0;
        for (const store::ItemRow& item : store.items(store.tasks(outcome.run).at(0).id, 0, 10)) {
            for (const store::RequestRow& request : item.requests)
                tokens += bytes(request.context + request.continuation).size() + 1;
        }
        CHECK(outcome.tokens_asked == tokens);
        CHECK(outcome.tokens_computed == model.tokens_computed());
        CHECK(execute(model, store, options, "demo_facts").tokens_asked == 0);  // found in the store
    }

    TEST_CASE("programs of a code task are run and graded") {
        const Temporary folder;
        std::ofstream(folder / "test.jsonl") << R"({"a": 4})"
                                             << "\n"
                                             << R"({"a": 5})"
                                             << "\n";
        const suites::Task task = harness_test::task_of(nlohmann::json::parse(R"({
        "name": "programs", "version": 1, "profile": "own", "kind": "generate", "description": "Programs", "source": "here", "licence": "none", "citation": "none",
        "data": {"test": ["test.jsonl"]}, "prompt": "# {{a}}", "grader": "python", "submission": "assert {{a}} == 4  # {{output}}",
        "max_tokens": 8, "metrics": ["pass@1"]})"),
                                                        "programs.json");
        CHECK(task.runs_programs());
        ScriptedModel model;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore store(database);
        run::RunOptions options;
        options.data_dir = folder / "";
        run::CodeGrader code;
        run_tasks(model, {task}, store, options, {}, &code);
        const auto view = results::run_view(store, store.find_run("latest"), harness_test::catalog());
        CHECK(view.tasks.at(0).metrics.at(0).values == std::vector<std::optional<double>>{1.0, 0.0});
        const store::RunTaskRow task_row = store.tasks(1).at(0);
        CAPTURE(task_row.settings_json);
        CHECK(task_row.settings_json.find("; bubblewrap, Python 3.") != std::string::npos);
        std::string why;
        const auto wrong = store.item(task_row.id, 1);
        REQUIRE(wrong.has_value());
        for (const store::ScoreRow& score : wrong->scores) {
            if (score.metric == "pass@1") why = score.explanation;
        }
        CHECK(why.starts_with("AssertionError (line 1: assert 5 == 4  # "));
        CHECK(exported(store).find("\"explanations\":{\"pass@1\":\"AssertionError (line 1: ") != std::string::npos);
    }

    TEST_CASE("a run that is killed at any time ends with the same bytes") {
        const Temporary folder;
        ScriptedModel reference;
        const store::Database whole_database(folder / "whole.sqlite", store::OpenMode::Create);
        store::RunStore whole(whole_database);
        execute(reference, whole);
        const std::string expected = exported(whole);

        std::mt19937 random(17);
        constexpr int kRounds = 12;
        for (int round = 0; round < kRounds; ++round) {
            CAPTURE(round);
            const std::string path = folder / ("round" + std::to_string(round) + ".sqlite");
            for (int kill_number = 0; kill_number < 4; ++kill_number) {
                const pid_t child = fork();
                REQUIRE(child >= 0);
                if (child == 0) {
                    ScriptedModel model;
                    model.before_request = [] { usleep(200); };
                    const store::Database database(path, store::OpenMode::Create);
                    store::RunStore store(database);
                    execute(model, store, {}, "demo_facts,demo_sums", {.batch_items = 3});
                    _exit(0);
                }
                usleep(static_cast<useconds_t>(random() % 60000));
                kill(child, SIGKILL);
                int status = 0;
                REQUIRE(waitpid(child, &status, 0) == child);
            }
            ScriptedModel model;
            const store::Database database(path, store::OpenMode::Create);
            store::RunStore store(database);
            execute(model, store);
            CHECK(exported(store) == expected);
        }
        MESSAGE("kills of a run at random instants: ", 4 * kRounds);
    }
}
