#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "harness/interchange/outputs_export.hpp"
#include "harness/results/licence.hpp"
#include "harness/store/database.hpp"
#include "tests/harness/interchange/outputs.hpp"
#include "tests/harness/run_tasks.hpp"
#include "tests/harness/scripted_model.hpp"

using namespace harness;
using nlohmann::json;

namespace {

std::string exported(const store::RunStore& runs, const store::RunRow& run) {
    std::string lines;
    interchange::export_outputs(runs, run, [&lines](std::string_view line) { lines += line; });
    return lines;
}

json line_of(const std::string& lines, std::size_t number) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < number; ++i) at = lines.find('\n', at) + 1;
    return json::parse(lines.substr(at, lines.find('\n', at) - at));
}

/// The items without what an outputs file has no place for: tokens and their number, and whose scores they are.
std::vector<store::ItemRow> items_of(const store::RunStore& runs, const store::RunRow& run) {
    std::vector<store::ItemRow> items;
    for (const store::RunTaskRow& task : runs.tasks(run.id)) {
        for (store::ItemRow& item : runs.items(task.id)) {
            for (store::RequestRow& request : item.requests) {
                request.tokens.clear();
                request.context_tokens = 0;
            }
            for (store::ScoreRow& score : item.scores) score.scorer = 0;
            items.push_back(std::move(item));
        }
    }
    return items;
}

run::RunOptions asking(const std::string& folder) {
    run::RunOptions options;
    options.data_dir = folder;
    options.max_tokens = 8;
    return options;
}

/// A run of the tasks by the scripted model, exported, and the run that its import is.
struct RoundTrip {
    RoundTrip(const std::vector<suites::Task>& tasks, const run::RunOptions& options,
              const engine::Licence& licence = {}) {
        ScriptedModel model;
        model.card_.licence = licence;
        ran = runs.find_run(std::to_string(run_tasks(model, tasks, runs, options).run));
        lines = exported(runs, ran);
        logs::write(folder / "out.jsonl", lines);
        interchange::OutputsImport request{.files = {folder / "out.jsonl"}, .model = "", .tasks = tasks};
        request.options.data_dir = options.data_dir;
        read = interchange::read_outputs(request);
        back = runs.import_run(read.run.model, read.run.plan, read.run.tasks);
    }

    Temporary folder;
    store::Database database{folder / "a.sqlite", store::OpenMode::Create};
    store::RunStore runs{database};
    std::string lines;
    interchange::ImportedOutputs read;
    store::RunRow ran;
    store::RunRow back;
};

}  // namespace

TEST_SUITE("interchange.outputs.export") {
    TEST_CASE("outputs that go out and come in again are the same items with the same scores") {
        const Temporary data;
        outputs::write_set(data);
        const RoundTrip trip({outputs::task()}, asking(data.path()));
        CHECK(trip.back.id != trip.ran.id);
        CHECK(trip.back.variant == "scripted");
        CHECK(trip.back.created == trip.ran.created);
        CHECK_FALSE(trip.back.finished.empty());
        CHECK(trip.read.unmatched == 0);
        const std::vector<store::ItemRow> before = items_of(trip.runs, trip.ran);
        CHECK(before.size() == 5);
        CHECK(before == items_of(trip.runs, trip.back));
        const std::vector<store::RunTaskRow> tasks = trip.runs.tasks(trip.back.id);
        CHECK(tasks.at(0).metrics == trip.runs.tasks(trip.ran.id).at(0).metrics);
        CHECK(tasks.at(0).scorer.kind == "task");
        CHECK(tasks.at(0).generation_json == trip.runs.tasks(trip.ran.id).at(0).generation_json);
        // And once more: nothing is lost that came in.
        CHECK(exported(trip.runs, trip.back) == trip.lines);
    }

    TEST_CASE("a line has prompt and output and model and task and sample and settings and date") {
        const Temporary data;
        outputs::write_set(data);
        const RoundTrip trip({outputs::task()}, asking(data.path()));
        const json line = line_of(trip.lines, 3);
        CHECK(line.at("id") == "own-4");
        CHECK(line.at("turns").size() == 3);
        CHECK(line.at("turns").at(2) == json{{"role", "user"}, {"content", "And now?"}});
        CHECK(line.at("output") == items_of(trip.runs, trip.ran).at(3).requests.at(0).output);
        CHECK(line.at("model") == "scripted");
        CHECK(line.at("task") == "own");
        CHECK(line.at("sample") == 0);
        CHECK(line.at("settings").at("max_tokens") == 8);
        CHECK(line.at("date") == trip.ran.created);
    }

    TEST_CASE("lines of a Llama 2 model name its licence and the import keeps it") {
        const Temporary data;
        outputs::write_set(data);
        const RoundTrip bound({outputs::task()}, asking(data.path()),
                              {"LLAMA 2 Community License", "general.license is 'llama2'"});
        CHECK(results::run_licence(bound.runs, bound.ran).basis == "general.license is 'llama2'");
        CHECK(line_of(bound.lines, 0).at("licence") == "LLAMA 2 Community License");
        CHECK(line_of(bound.lines, 4).at("licence") == "LLAMA 2 Community License");
        CHECK(results::run_licence(bound.runs, bound.back).is_llama2());
        CHECK(results::run_licence(bound.runs, bound.back).basis == "the outputs' field licence");
        CHECK(exported(bound.runs, bound.back) == bound.lines);
        const RoundTrip other({outputs::task()}, asking(data.path()), {"mit", "general.license is 'mit'"});
        CHECK_FALSE(line_of(other.lines, 0).contains("licence"));
        CHECK(results::run_licence(other.runs, other.back).name.empty());
    }

    TEST_CASE("imported outputs are under Llama 2's licence if their model's name says so") {
        const Temporary data;
        const store::Database database(data / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        const auto licence = [&](const std::string& model, const std::string& fields) {
            const interchange::ImportedOutputs read = outputs::read(
                data, model + ".jsonl", R"({"id": "own-1", "output": "x", "model": ")" + model + "\"" + fields + "}\n");
            return results::run_licence(runs, runs.import_run(read.run.model, read.run.plan, read.run.tasks));
        };
        CHECK(licence("llama-2-70b-chat", "").basis == "the model's name is 'llama-2-70b-chat'");
        CHECK(licence("gpt-4", "").name.empty());
        CHECK(licence("a", R"(, "licence": "CC-BY-4.0")").name.empty());  // of the file, perhaps, not of the model
        CHECK(licence("b", R"(, "licence": 7)").name.empty());
    }

    TEST_CASE("several samples of a prompt come back and a limited run is whole") {
        const Temporary data;
        outputs::write_set(data);
        run::RunOptions several = asking(data.path());
        several.limit = 3;
        several.temperature = 0.5F;
        several.samples = 3;
        const RoundTrip trip({outputs::task()}, several);
        CHECK(line_of(trip.lines, 4).at("id") == "own-2");
        CHECK(line_of(trip.lines, 4).at("sample") == 1);
        const std::vector<store::ItemRow> after = items_of(trip.runs, trip.back);
        REQUIRE(after.size() == 3);
        CHECK(after.at(1).requests.size() == 3);
        CHECK(after == items_of(trip.runs, trip.ran));
        CHECK_FALSE(trip.back.finished.empty());
        const std::vector<store::RunTaskRow> tasks = trip.runs.tasks(trip.back.id);
        CHECK(tasks.at(0).planned_items == 3);
        CHECK(tasks.at(0).definition_json == trip.runs.tasks(trip.ran.id).at(0).definition_json);
    }

    TEST_CASE("tasks without prompt ids but with stop strings and filters come back by their numbers") {
        run::RunOptions six;
        six.limit = 6;
        const RoundTrip trip(harness_test::select_tasks("demo_sums,demo_refusal"), six);
        const std::vector<store::ItemRow> before = items_of(trip.runs, trip.ran);
        CHECK(before.size() == 12);
        CHECK(before == items_of(trip.runs, trip.back));
        CHECK(trip.runs.tasks(trip.back.id).size() == 2);
    }

    TEST_CASE("items with an error and outputs that are not UTF-8 come back") {
        const Temporary data;
        outputs::write_set(data);
        const store::Database database(data / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        const interchange::ImportedOutputs first =
            outputs::read(data, "a.jsonl",
                          R"({"id": "own-1", "error": "the service refused", "model": "m"}
{"id": "own-2", "output_base64": "/4B4", "model": "m"}
)");
        const store::RunRow one = runs.import_run(first.run.model, first.run.plan, first.run.tasks);
        CHECK(items_of(runs, one).at(0).error == "the service refused");
        CHECK(items_of(runs, one).at(1).requests.at(0).output == "\xFF\x80x");
        const interchange::ImportedOutputs second = outputs::read(data, "b.jsonl", exported(runs, one));
        const store::RunRow two = runs.import_run(second.run.model, second.run.plan, second.run.tasks);
        CHECK(one.id != two.id);
        CHECK(items_of(runs, one) == items_of(runs, two));
    }
}
