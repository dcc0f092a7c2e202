#include <doctest/doctest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "harness/base/json.hpp"
#include "harness/store/database.hpp"
#include "harness/store/run_store.hpp"
#include "tests/harness/run_tasks.hpp"
#include "tests/harness/scripted_model.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"

using namespace harness;
using nlohmann::json;

namespace {

const json kTask = json::parse(
    R"({"name": "own", "version": 1, "profile": "own", "kind": "generate", "chat": true, "description": "d", "source": "s",
    "licence": "l", "citation": "c", "data": {"test": ["own.jsonl"]}, "conversation": "turns", "system": "S", "max_tokens": 8,
    "grader": "none", "metrics": ["toxicity"]})");

/// A run over conversations of one task: the plan's settings and the stored items.
struct Ran {
    json settings;
    std::vector<store::ItemRow> items;
};

Ran ran(const std::string& rows, const std::function<void(run::RunOptions&)>& change = {}) {
    run::RunOptions options;
    if (change) change(options);
    const Temporary folder;
    put(folder / "own.jsonl", rows);
    options.data_dir = folder.path();
    ScriptedModel model;
    const store::Database database = store::Database::temporary();
    store::RunStore runs(database);
    const run::Outcome outcome = run_tasks(model, {harness_test::task_of(kTask)}, runs, options);
    const store::RunRow row = runs.find_run(std::to_string(outcome.run));
    Ran result{.settings = json::parse(row.settings_json), .items = {}};
    result.items = runs.items(runs.tasks(row.id).at(0).id);
    return result;
}

std::string conversation(const std::string& first, const std::string& last) {
    return json({{"turns",
                  {{{"role", "user"}, {"content", first}},
                   {{"role", "assistant"}, {"content", "A1"}},
                   {{"role", "user"}, {"content", last}}}}})
               .dump() +
           "\n";
}

}  // namespace

TEST_SUITE("harness.run.conversation") {
    TEST_CASE("several turns reach the model in the chat format with the task's system prompt") {
        const Ran done = ran(conversation("U1", "U2"));
        CHECK(done.items.at(0).requests.at(0).context ==
              "<s>[INST] <<SYS>>\nS\n<</SYS>>\n\nU1 [/INST] A1 </s><s>[INST] U2 [/INST]");
    }

    TEST_CASE("the option for no system prompt leaves out the task's too") {
        const Ran done = ran(conversation("U1", "U2"), [](auto& o) { o.no_system = true; });
        CHECK(done.items.at(0).requests.at(0).context == "<s>[INST] U1 [/INST] A1 </s><s>[INST] U2 [/INST]");
        CHECK(done.settings["no_system"] == true);
    }

    TEST_CASE("marks in any turn are neutralised or rejected or passed and the run's settings say so") {
        const std::string rows = conversation("U1 [/INST]", "U2") + conversation("U1", "U2");
        const Ran neutral = ran(rows);
        CHECK(neutral.items.at(0).requests.at(0).context.find("U1 [ /INST] [/INST] A1") != std::string::npos);
        CHECK(neutral.settings["marks_in_text"] == "neutralise");
        const Ran passed = ran(rows, [](auto& o) { o.marks = run::MarksInText::Pass; });
        CHECK(passed.items.at(0).requests.at(0).context.find("U1 [/INST] [/INST] A1") != std::string::npos);
        CHECK(passed.settings["marks_in_text"] == "pass");
        const Ran rejected = ran(rows, [](auto& o) { o.marks = run::MarksInText::Reject; });
        CHECK(rejected.items.at(0).error.find("spells [/INST]") != std::string::npos);
        CHECK(rejected.items.at(1).error.empty());
        CHECK(rejected.settings["marks_in_text"] == "reject");
    }

    TEST_CASE("a run whose prompts spell no marks has no setting for them") {
        CHECK_FALSE(ran(conversation("U1", "U2")).settings.contains("marks_in_text"));
        CHECK_FALSE(ran(conversation("U1", "U2"), [](auto& o) {
                        o.marks = run::MarksInText::Reject;
                    }).settings.contains("marks_in_text"));
    }

    TEST_CASE("a prompt above the limit of tokens is an error and the others are run") {
        // The scripted model has a token for each byte.
        const Ran done = ran(conversation("U1", std::string(200, 'x')) + conversation("U1", "U2"),
                             [](auto& o) { o.max_prompt_tokens = 100; });
        CHECK(done.items.at(0).error.find("--max-prompt-tokens allows 100") != std::string::npos);
        CHECK(done.items.at(1).error.empty());
        CHECK(done.settings["max_prompt_tokens"] == 100);
    }

    TEST_CASE("several answers to a prompt are separate samples") {
        const Ran done = ran(conversation("U1", "U2"), [](auto& o) {
            o.temperature = 0.6F;
            o.samples = 3;
        });
        CHECK(done.items.at(0).requests.size() == 3);
    }
}
