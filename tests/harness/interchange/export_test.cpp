#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <sstream>

#include "harness/interchange/lm_eval_export.hpp"
#include "harness/interchange/python_json.hpp"
#include "harness/store/database.hpp"
#include "safety/refusal/grader.hpp"
#include "tests/harness/catalog.hpp"
#include "tests/harness/interchange/logs.hpp"
#include "tests/harness/run_tasks.hpp"
#include "tests/harness/scripted_model.hpp"

using namespace harness;
using nlohmann::json;

namespace {

using Scores = std::map<std::string, std::optional<double>>;

/// Every score of a run by task, document and metric.
Scores scores_of(const store::RunStore& runs, const store::RunRow& run) {
    Scores scores;
    for (const store::RunTaskRow& task : runs.tasks(run.id)) {
        for (const store::ItemRow& item : runs.items(task.id)) {
            for (const store::ScoreRow& score : item.scores)
                scores[task.task + " " + std::to_string(item.doc) + " " + score.metric] = score.value;
        }
    }
    return scores;
}

std::vector<std::string> write_all(const std::vector<interchange::ExportedFile>& files, const Temporary& folder) {
    std::vector<std::string> samples;
    for (const interchange::ExportedFile& file : files) {
        logs::write(folder / file.name, file.content);
        if (file.name.starts_with("samples_")) samples.push_back(folder / file.name);
    }
    return samples;
}

json first_row(const std::string& lines) {
    return json::parse(lines.substr(0, lines.find('\n')));
}

store::RunRow scripted_run(store::RunStore& runs, const std::string& suites) {
    ScriptedModel model;
    const run::Outcome outcome =
        run_tasks(model, harness_test::select_tasks(suites), runs,
                  {.data_dir = "", .cache_dir = "", .limit = 12, .fewshot = {}, .system_prompt = ""});
    return runs.find_run(std::to_string(outcome.run));
}

}  // namespace

TEST_SUITE("interchange.export") {
    TEST_CASE("an exported and imported run has the same scores and requests") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        const store::RunRow run = scripted_run(runs, "demo_facts,demo_sums,demo_refusal");
        const std::vector<interchange::ExportedFile> files = interchange::export_lm_eval(runs, run);
        REQUIRE(files.size() == 4);
        const store::RunRow back = logs::import(runs, write_all(files, folder), "");
        CHECK(back.id != run.id);
        CHECK(back.variant == "scripted");
        const Scores before = scores_of(runs, run);
        CHECK(before.size() >= 36);
        const Scores after = scores_of(runs, back);
        CHECK(after.size() == before.size());
        for (const auto& score : before) {
            const std::string& name = score.first;
            CAPTURE(name);
            REQUIRE(after.contains(name));
            CHECK(after.at(name) == score.second);
        }
        std::map<std::string, store::RunTaskRow> originals;
        for (const store::RunTaskRow& task : runs.tasks(run.id)) originals[task.task] = task;
        for (const store::RunTaskRow& task : runs.tasks(back.id)) {
            CAPTURE(task.task);
            const store::RunTaskRow& original = originals.at(task.task);
            CHECK(task.version == original.version);
            CHECK(task.profile == original.profile);
            CHECK(task.fewshot == original.fewshot);
            const auto expected = runs.items(original.id);
            const auto actual = runs.items(task.id);
            REQUIRE(actual.size() == expected.size());
            for (std::size_t i = 0; i < actual.size(); ++i) {
                CHECK(actual[i].target == expected[i].target);
                REQUIRE(actual[i].requests.size() == expected[i].requests.size());
                for (std::size_t j = 0; j < actual[i].requests.size(); ++j) {
                    CHECK(actual[i].requests[j].kind == expected[i].requests[j].kind);
                    CHECK(actual[i].requests[j].context == expected[i].requests[j].context);
                    CHECK(actual[i].requests[j].continuation == expected[i].requests[j].continuation);
                    CHECK(actual[i].requests[j].logprob == expected[i].requests[j].logprob);  // to the last bit
                    CHECK(actual[i].requests[j].greedy == expected[i].requests[j].greedy);
                }
            }
        }
        // And out again: without a filter, the same bytes.
        std::map<std::string, std::string> first;
        for (const interchange::ExportedFile& file : files) first[file.name] = file.content;
        std::size_t same = 0;
        for (const interchange::ExportedFile& file : interchange::export_lm_eval(runs, back)) {
            const bool unfiltered =
                file.name.find("demo_facts") != std::string::npos || file.name.find("refusal") != std::string::npos;
            same += unfiltered && file.content == first.at(file.name) ? 1 : 0;
        }
        CHECK(same == 2);
    }

    TEST_CASE("logs of every kind are imported with the same scores") {
        const Temporary folder;
        const Temporary out;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        logs::write(folder / "samples_arc_easy.jsonl", logs::choice_list(0) + logs::choice_list(3, 0));
        logs::write(folder / "samples_gsm8k.jsonl",
                    logs::generation(4, "strict-match", 0) + logs::generation(4, "flexible-extract", 1));
        logs::write(folder / "samples_wikitext.jsonl", logs::rolling(0) + logs::rolling(1));
        const store::RunRow run = logs::import(runs, {folder / "samples_arc_easy.jsonl", folder / "samples_gsm8k.jsonl",
                                                      folder / "samples_wikitext.jsonl"});
        const store::RunRow back = logs::import(runs, write_all(interchange::export_lm_eval(runs, run), out), "");
        CHECK(scores_of(runs, run).size() == 4 + 2 + 6);
        CHECK(scores_of(runs, back) == scores_of(runs, run));
    }

    TEST_CASE("a sample has the fields and hashes that readers look for") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        const std::string doc =
            R"({"question": "Was ist größer?", "choices": {"text": ["ein Haus", "eine Maus"], "label": ["A", "B"]}, "n": 3, "x": 0.5, "empty": [], "quote": "\"\\\n\t"})";
        logs::write(folder / "samples_t.jsonl",
                    R"({"doc_id": 0, "doc": )" + doc +
                        R"(, "target": 0, "arguments": [["Question: Was ist größer?\nAnswer:", " ein Haus"]],)"
                        R"( "resps": [[[-3, true]]], "acc": 1})" +
                        "\n");
        const store::RunRow run = logs::import(runs, {folder / "samples_t.jsonl"});
        const std::vector<interchange::ExportedFile> files = interchange::export_lm_eval(runs, run);
        CHECK(files.at(0).name == "results_1970-01-01T00-00-00.000000.json");
        CHECK(files.at(1).name == "samples_t_1970-01-01T00-00-00.000000.jsonl");
        const json row = first_row(files.at(1).content);
        // SHA-256 by Python's hashlib of json.dumps(doc, indent=2, ensure_ascii=False), of the prompt and of "0".
        CHECK(row.at("doc_hash") == "a015fbe26353f184ae7bfb85429594ecc8f9c51c8e5eebd969fdcf7b890cb1a2");
        CHECK(row.at("prompt_hash") == "01f6293bc9faf7cf031e622ea949676b2eba8699b4b07346e3a11ed8773c30ee");
        CHECK(row.at("target_hash") == "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9");
        CHECK(row.at("doc") == json::parse(doc));
        CHECK(row.at("arguments") ==
              json::parse(R"({"gen_args_0": {"arg_0": "Question: Was ist größer?\nAnswer:", "arg_1": " ein Haus"}})"));
        CHECK(row.at("resps") == json::parse(R"([[["-3.0", "True"]]])"));
        CHECK(row.at("filtered_resps") == json::parse(R"([["-3.0", "True"]])"));
        CHECK(row.at("filter") == "none");
        CHECK(row.at("metrics") == json::array({"acc"}));
        CHECK(row.at("target") == "0");
        CHECK(row.at("acc") == 1.0);
    }

    TEST_CASE("rows exported from datasets have lm-evaluation-harness's hash") {
        const Temporary folder;
        const auto data = [&folder](const std::string& file, const std::string& row) {
            std::filesystem::create_directories(std::filesystem::path(folder / file).parent_path());
            logs::write(folder / file, row + "\n");
        };
        data(
            "arc/ARC-Easy/test.jsonl",
            R"({"id": "Mercury_7", "question": "Which one is größer?", "choices": {"text": ["ein Haus", "eine Maus"], "label": ["A", "B"]}, "answerKey": "A"})");
        data("winogrande/winogrande_xl/validation.jsonl",
             R"({"sentence": "The _ is big.", "option1": "house", "option2": "mouse", "answer": "1"})");
        data(
            "squad_v2/validation.jsonl",
            R"({"id": "5a", "title": "T", "context": "It is so.", "question": "Is it?", "answers": {"text": [], "answer_start": []}})");
        data(
            "toxigen/annotated/test.jsonl",
            R"({"text": "They are nice.", "target_group": "asian", "factual?": null, "ingroup_effect": null, "lewd": null, "framing": null, "predicted_group": null, "stereotyping": null, "intent": 1.0, "toxicity_ai": 1.3333333333333333, "toxicity_human": 1.0})");
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        ScriptedModel model;
        const run::Outcome outcome =
            run_tasks(model, harness_test::select_tasks("arc_easy,winogrande,squadv2,toxigen"), runs,
                      {.data_dir = folder / "", .cache_dir = "", .limit = {}, .fewshot = 0, .system_prompt = ""});
        const auto files = interchange::export_lm_eval(runs, runs.find_run(std::to_string(outcome.run)));
        std::map<std::string, std::string> hashes;
        for (std::size_t i = 1; i < files.size(); ++i)
            hashes[files[i].name.substr(0, files[i].name.rfind('_'))] = first_row(files[i].content).at("doc_hash");
        // hashlib.sha256(json.dumps(row, indent=2, ensure_ascii=False)) in Python of the rows above.
        CHECK(hashes["samples_arc_easy"] == "cb14e9f8cd9ef47c85fa464e5403b80f378dadbd1f8ce836d655f3112651e597");
        CHECK(hashes["samples_winogrande"] == "4bde1a3057a47da5e2d0fb75e879bfe19de3993cf71c770bb7c79549b1891335");
        CHECK(hashes["samples_squadv2"] == "746c1d3914e7ab330aea124a999a176ff4df871ebb299db2ec7324bbd21f049f");
        CHECK(hashes["samples_toxigen"] == "9a53a7eb504230c87fc77d933f9b2c343de5a56f275fbc6240e6fc8fa96a5b7b");
    }

    TEST_CASE("scores that another program adds to exported rows are imported") {
        const Temporary folder;
        std::filesystem::create_directories(folder / "toxigen/prompts");
        std::string prompts;
        for (int i = 0; i < 5; ++i)
            prompts += fmt::format(R"({{"group": "asian", "kind": "neutral", "text": "One, {}"}})", i) + "\n";
        logs::write(folder / "toxigen/prompts/train.jsonl", prompts);
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        ScriptedModel model;
        const run::Outcome outcome =
            run_tasks(model, harness_test::select_tasks("paper_toxigen_generation"), runs,
                      {.data_dir = folder / "", .cache_dir = "", .limit = {}, .fewshot = {}, .system_prompt = ""});
        std::vector<interchange::ExportedFile> files =
            interchange::export_lm_eval(runs, runs.find_run(std::to_string(outcome.run)));
        std::string scored;
        std::size_t number = 0;
        for (std::size_t at = 0; at < files.at(1).content.size(); at = files[1].content.find('\n', at) + 1) {
            auto row = nlohmann::ordered_json::parse(files[1].content.substr(at, files[1].content.find('\n', at) - at));
            REQUIRE(row.at("toxicity").is_null());
            row["toxicity"] = number++ < 2 ? 1.0 : 0.25;
            scored += row.dump() + "\n";
        }
        files[1].content = scored;
        const store::RunRow back = logs::import(runs, write_all(files, folder), "scored");
        const auto results = json::parse(interchange::export_lm_eval(runs, back).at(0).content);
        CHECK(results.at("results").at("paper_toxigen_generation").at("toxicity,none") ==
              doctest::Approx((2 * 1.0 + 3 * 0.25) / 5));
        CHECK(results.at("higher_is_better").at("paper_toxigen_generation").at("toxicity") == false);
    }

    TEST_CASE("JSON is written as Python writes it") {
        // repr() of CPython 3.11.
        const std::vector<std::pair<double, const char*>> numbers = {{1.0, "1.0"},
                                                                     {0.1, "0.1"},
                                                                     {1e15, "1000000000000000.0"},
                                                                     {1e16, "1e+16"},
                                                                     {123456789012345680.0, "1.2345678901234568e+17"},
                                                                     {1e-4, "0.0001"},
                                                                     {1e-5, "1e-05"},
                                                                     {-0.0, "-0.0"},
                                                                     {1.0 / 3, "0.3333333333333333"},
                                                                     {5e-324, "5e-324"},
                                                                     {1e22, "1e+22"},
                                                                     {100000.0, "100000.0"}};
        for (const auto& [number, text] : numbers) CHECK(interchange::python_number(number) == text);
        const auto value = nlohmann::ordered_json::parse(
            R"({"b": [], "a": {}, "c": [1, [2, {"d": null}]], "e": true, "f": "ü\"\\/\u0001\u007f\n", "g": 1e15})");
        CHECK(interchange::python_json(value) ==
              "{\n  \"b\": [],\n  \"a\": {},\n  \"c\": [\n    1,\n    [\n      2,\n      {\n        \"d\": "
              "null\n      }\n    ]\n  ],\n  \"e\": true,\n  \"f\": \"ü\\\"\\\\/\\u0001\x7f\\n\",\n  \"g\": "
              "1000000000000000.0\n}");
    }

    TEST_CASE("the results have the aggregates under the names that readers look for") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        logs::write(folder / "samples_arc_easy.jsonl",
                    logs::choice_list(0) + logs::choice_list(1, 0) + logs::choice_list(2) + logs::choice_list(3));
        logs::write(folder / "samples_gsm8k.jsonl",
                    logs::generation(4, "strict-match", 0) + logs::generation(4, "flexible-extract", 1));
        const store::RunRow run =
            logs::import(runs, {folder / "samples_arc_easy.jsonl", folder / "samples_gsm8k.jsonl"}, "a/b");
        const std::vector<interchange::ExportedFile> files = interchange::export_lm_eval(runs, run);
        const json results = json::parse(files.at(0).content);
        CHECK(results.at("results").at("arc_easy").at("acc,none") == 0.75);
        CHECK(results.at("results").at("arc_easy").at("acc_stderr,none") ==
              doctest::Approx(0.25));  // sqrt(0.75 * 0.25 * 4/3 / 4)
        CHECK(results.at("results").at("arc_easy").at("alias") == "arc_easy");
        CHECK(results.at("results").at("gsm8k").at("exact_match,strict-match") == 0.0);
        CHECK(results.at("results").at("gsm8k").at("exact_match,flexible-extract") == 1.0);
        CHECK(results.at("results").at("gsm8k").at("exact_match_stderr,strict-match") == "N/A");
        CHECK(results.at("configs").at("arc_easy").at("output_type") == "multiple_choice");
        CHECK(results.at("configs").at("gsm8k").at("output_type") == "generate_until");
        CHECK(results.at("configs").at("gsm8k").at("generation_kwargs").at("until") == json::array({"Question:"}));
        CHECK(results.at("configs").at("arc_easy").at("metric_list").at(0).at("metric") == "acc");
        CHECK(results.at("n-samples").at("arc_easy") == json::parse(R"({"original": 4, "effective": 4})"));
        CHECK(results.at("n-shot").at("arc_easy") == 0);
        CHECK(results.contains("versions"));
        CHECK(results.at("model_name") == "a/b");
        CHECK(results.at("model_name_sanitized") == "a__b");
        CHECK(results.at("date") == 0);
    }

    TEST_CASE("tasks and metrics are imported under our names and exported under lm-evaluation-harness's") {
        const Temporary folder;
        const Temporary out;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        const auto renamed = [](std::string row, const std::string& from, const std::string& to) {
            for (std::size_t at = 0; (at = row.find(from, at)) != std::string::npos; at += to.size())
                row.replace(at, from.size(), to);
            return row;
        };
        logs::write(folder / "samples_social_iqa.jsonl", logs::choice_object(0));
        logs::write(folder / "samples_truthfulqa_mc2.jsonl", logs::choice_object(0) + logs::choice_object(1, 0));
        logs::write(folder / "samples_humaneval.jsonl",
                    renamed(logs::generation(0, "create_test", 1), "exact_match", "pass@1"));
        logs::write(folder / "samples_mbpp.jsonl",
                    renamed(logs::generation(11, "extract_code", 1), "exact_match", "pass_at_1"));
        const store::RunRow run =
            logs::import(runs, {folder / "samples_social_iqa.jsonl", folder / "samples_truthfulqa_mc2.jsonl",
                                folder / "samples_humaneval.jsonl", folder / "samples_mbpp.jsonl"});
        const Scores scores = scores_of(runs, run);
        CHECK(scores.at("siqa 0 acc") == 1.0);
        CHECK(scores.at("truthfulqa_mc2 1 mc2") == 0.0);
        CHECK(scores.at("humaneval 0 pass@1") == 1.0);
        CHECK(scores.at("mbpp 11 pass@1") == 1.0);
        const std::vector<interchange::ExportedFile> files = interchange::export_lm_eval(runs, run);
        const json results = json::parse(files.at(0).content).at("results");
        CHECK(results.at("social_iqa").at("acc,none") == 1.0);
        CHECK(results.at("truthfulqa_mc2").at("acc,none") == 0.5);
        CHECK(results.at("humaneval").at("pass@1,create_test") == 1.0);
        CHECK(results.at("mbpp").at("pass_at_1,none") == 1.0);
        CHECK(scores_of(runs, logs::import(runs, write_all(files, out), "")) == scores);
    }

    TEST_CASE("two exports of a run have the same bytes and leave out items with an error") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        ScriptedModel model;
        model.reject = [](const std::vector<engine::TokenId>& context) { return context.size() % 2 == 0; };
        const run::Outcome outcome =
            run_tasks(model, harness_test::select_tasks("demo_facts"), runs,
                      {.data_dir = "", .cache_dir = "", .limit = 12, .fewshot = {}, .system_prompt = ""}, {});
        REQUIRE(outcome.errors > 0);
        REQUIRE(outcome.errors < 12);
        const store::RunRow run = runs.find_run("latest");
        const auto first = interchange::export_lm_eval(runs, run);
        const auto second = interchange::export_lm_eval(runs, run);
        for (std::size_t i = 0; i < first.size(); ++i) CHECK(first[i].content == second[i].content);
        const json counts = json::parse(first.at(0).content).at("n-samples").at("demo_facts");
        CHECK(counts.at("original") == 12);
        CHECK(counts.at("effective") == 12 - outcome.errors);
    }

    TEST_CASE("output that is not UTF-8 is exported as replacement characters") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        logs::write(folder / "samples_gsm8k.jsonl", logs::generation(0, "none", 1));
        interchange::ImportedRun imported =
            interchange::read_lm_eval({.files = {folder / "samples_gsm8k.jsonl"}, .model = "m"});
        imported.tasks.at(0).items.at(0).requests.at(0).output = "a\xff";
        const store::RunRow run = runs.import_run(imported.model, imported.plan, imported.tasks);
        const json row = first_row(interchange::export_lm_eval(runs, run).at(1).content);
        CHECK(row.at("resps") == json::parse(R"([["a\ufffd"]])"));
    }
}
