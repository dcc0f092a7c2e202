#include <doctest/doctest.h>
#include <zlib.h>

#include <cmath>
#include <limits>

#include "harness/results/run_view.hpp"
#include "harness/store/database.hpp"
#include "suites/task.hpp"
#include "tests/harness/catalog.hpp"
#include "tests/harness/interchange/logs.hpp"

using namespace harness;
using nlohmann::json;

namespace {

std::string message_of(const std::string& path) {
    try {
        interchange::read_lm_eval({.files = {path}, .model = "m"});
    } catch (const std::exception& error) {
        return error.what();
    }
    return "read";
}

std::string message_of_rows(const std::string& rows) {
    const Temporary folder;
    const std::string path = folder / "samples_t_2025-01-02T03-04-05.678.jsonl";
    logs::write(path, rows);
    std::string message = message_of(path);
    if (message.starts_with(path)) message = message.substr(path.size());
    return message;
}

std::string changed(const std::string& row, const std::string& field, const json& value) {
    json object = json::parse(row);
    object[field] = value;
    return object.dump() + "\n";
}

std::string without(const std::string& row, const std::string& field) {
    json object = json::parse(row);
    object.erase(field);
    return object.dump() + "\n";
}

/// A metric of the first task as `show` reports it.
double shown(const store::RunStore& runs, const store::RunRow& run, const std::string& metric) {
    const reports::data::RunView view = results::run_view(runs, run, harness_test::catalog());
    for (const reports::data::MetricValues& value : view.tasks.at(0).metrics) {
        if (value.name == metric) return value.value;
    }
    return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

TEST_SUITE("interchange.import") {
    TEST_CASE("the list form and the object form of a log give the same items") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        logs::write(folder / "samples_arc_easy_2024-01-02T03-04-05.678.jsonl",
                    logs::choice_list(0) + logs::choice_list(1, 0));
        logs::write(folder / "samples_arc_easy_2025-01-02T03-04-05.678.jsonl",
                    logs::choice_object(0) + "\n" + logs::choice_object(1, 0));
        for (const char* file :
             {"samples_arc_easy_2024-01-02T03-04-05.678.jsonl", "samples_arc_easy_2025-01-02T03-04-05.678.jsonl"}) {
            CAPTURE(std::string(file));
            const store::RunRow run = logs::import(runs, {folder / file});
            CHECK_FALSE(run.finished.empty());
            const auto tasks = runs.tasks(run.id);
            REQUIRE(tasks.size() == 1);
            CHECK(tasks[0].task == "arc_easy");
            CHECK(tasks[0].profile == "lmeval");
            CHECK(tasks[0].planned_items == 2);
            const auto items = runs.items(tasks[0].id);
            REQUIRE(items.size() == 2);
            CHECK(items[1].doc == 1);
            CHECK(items[1].target == "1");
            CHECK(items[1].document_json == R"({"question":"Q1"})");
            REQUIRE(items[1].requests.size() == 2);
            CHECK(items[1].requests[1].kind == "choice");
            CHECK(items[1].requests[1].context == "Q1\nA:");
            CHECK(items[1].requests[1].continuation == " yes");
            CHECK(items[1].requests[1].logprob == -0.25);
            CHECK(items[1].requests[1].greedy);
            CHECK_FALSE(items[1].requests[0].greedy);
            REQUIRE(items[1].scores.size() == 2);
            CHECK(items[1].scores[0].metric == "acc");
            CHECK(items[1].scores[0].value == 0.0);
            CHECK(shown(runs, run, "acc") == 0.5);
            CHECK(shown(runs, run, "acc_norm") == 0.0);
        }
    }

    TEST_CASE("a document under two filters is one item with a score for each") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        const std::string path = folder / "samples_gsm8k_2025-01-02T03-04-05.678.jsonl";
        logs::write(path, logs::generation(4, "strict-match", 0) + logs::generation(4, "flexible-extract", 1));
        const store::RunRow run = logs::import(runs, {path});
        const auto items = runs.items(runs.tasks(run.id).at(0).id);
        REQUIRE(items.size() == 1);
        REQUIRE(items[0].requests.size() == 1);
        CHECK(items[0].requests[0].kind == "generate");
        CHECK(items[0].requests[0].output == " It is 72.");
        REQUIRE(items[0].scores.size() == 2);
        CHECK(items[0].scores[0].metric == "exact_match,flexible-extract");
        CHECK(items[0].scores[0].value == 1.0);
        CHECK(items[0].scores[1].value == 0.0);
        CHECK(shown(runs, run, "exact_match,flexible-extract") == 1.0);
        CHECK(shown(runs, run, "exact_match,strict-match") == 0.0);
    }

    TEST_CASE("perplexities keep log-likelihood and length and are aggregated from them") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        const std::string path = folder / "samples_wikitext_2025-01-02T03-04-05.678.jsonl";
        logs::write(path, logs::rolling(0) + logs::rolling(1));
        const store::RunRow run = logs::import(runs, {path});
        const auto items = runs.items(runs.tasks(run.id).at(0).id);
        CHECK(items.at(0).requests.at(0).kind == "rolling");
        CHECK(items.at(0).requests.at(0).continuation == "One two three.");
        CHECK(items.at(0).requests.at(0).logprob == -20.5);
        CHECK(shown(runs, run, "word_perplexity") == doctest::Approx(std::exp(20.5 / 4)));
        CHECK(shown(runs, run, "byte_perplexity") == doctest::Approx(std::exp(20.5 / 15)));
        CHECK(shown(runs, run, "bits_per_byte") == doctest::Approx(20.5 / 15 / std::log(2)));
    }

    TEST_CASE("the results beside a log give model and version and few-shot examples and directions") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        const std::string path = folder / "samples_arc_easy_2025-01-02T03-04-05.678.jsonl";
        logs::write(path, logs::choice_object(0));
        logs::write(
            folder / "results_2025-01-02T03-04-05.678.json",
            R"({"model_name": "meta/x", "versions": {"arc_easy": 1.0}, "n-shot": {"arc_easy": 25}, "higher_is_better": {"arc_easy": {"acc_norm": false}}})");
        const store::RunRow run = logs::import(runs, {path}, "");
        CHECK(run.variant == "meta/x");
        CHECK(runs.tasks(run.id).at(0).version == 1);
        CHECK(runs.tasks(run.id).at(0).fewshot == 25);
        const reports::data::TaskView task = results::run_view(runs, run, harness_test::catalog()).tasks.at(0);
        CHECK(task.metrics.at(0).higher_is_better);
        CHECK(task.metrics.at(1).name == "acc_norm");
        CHECK_FALSE(task.metrics.at(1).higher_is_better);
        CHECK(logs::import(runs, {path}, "own name").variant == "own name");
        logs::write(folder / "results_2025-01-02T03-04-05.678.json", "[]");
        CHECK(message_of(path).find("results_2025-01-02T03-04-05.678.json: is not a JSON object") != std::string::npos);
    }

    TEST_CASE("logs of early versions are one list and named after the model and the task") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        const std::string path = folder / "pretrained__meta__x,dtype__float_arc_easy.jsonl";
        logs::write(path, logs::as_list(logs::choice_list(0) + logs::choice_list(1, 0)));
        CHECK(logs::import(runs, {path}).variant == "other");
        CHECK(runs.tasks(1).at(0).task == "pretrained__meta__x,dtype__float_arc_easy");
        logs::write(folder / "results.json",
                    R"({"results": {"arc_easy": {"acc,none": 0.5}, "easy": {}, "other_arc_easy": {}},
                        "versions": {"arc_easy": "Yaml"}, "n-shot": {"arc_easy": 5},
                        "config": {"model": "hf", "model_args": "dtype=float,pretrained=meta/x,revision=main"}})");
        const store::RunRow run = logs::import(runs, {path}, "");
        CHECK(run.variant == "meta/x");
        const store::RunTaskRow task = runs.tasks(run.id).at(0);
        CHECK(task.task == "arc_easy");
        CHECK(task.fewshot == 5);
        const auto items = runs.items(task.id);
        REQUIRE(items.size() == 2);
        CHECK(items[1].requests.at(1).logprob == -0.25);
        CHECK(items[1].requests.at(1).greedy);
        CHECK(shown(runs, run, "acc") == 0.5);
        // Other files of that name are no error.
        logs::write(folder / "results.json", "notes");
        CHECK(message_of(path) == "read");
    }

    TEST_CASE("logs that do not name filters and metrics have them in the order of the results") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        const std::string choices = folder / "samples_arc_easy_2024-01-02T03-04-05.678.jsonl";
        logs::write(choices, logs::choice_unnamed(0) + logs::choice_unnamed(1, 0));
        CHECK(shown(runs, logs::import(runs, {choices}), "acc") == 0.5);

        const std::string path = folder / "samples_gsm8k_2024-01-02T03-04-05.678.jsonl";
        const auto unnamed = [](int doc, int exact) {
            return without(without(logs::generation(doc, "", exact), "filter"), "metrics");
        };
        // One filter after the other.
        logs::write(path, unnamed(4, 0) + unnamed(5, 0) + unnamed(4, 1) + unnamed(5, 0));
        const store::RunRow alone = logs::import(runs, {path});
        CHECK(runs.items(runs.tasks(alone.id).at(0).id).size() == 2);
        CHECK(shown(runs, alone, "exact_match,filter-1") == 0.0);
        CHECK(shown(runs, alone, "exact_match,filter-2") == 0.5);
        logs::write(folder / "results_2024-01-02T03-04-05.678.json",
                    R"({"configs": {"gsm8k": {"filter_list": [{"name": "strict-match", "filter": []},
                                                              {"name": "flexible-extract", "filter": []}]}},
                        "n-shot": {"gsm8k": 5}})");
        const store::RunRow run = logs::import(runs, {path});
        CHECK(shown(runs, run, "exact_match,strict-match") == 0.0);
        CHECK(shown(runs, run, "exact_match,flexible-extract") == 0.5);

        logs::write(path, unnamed(4, 0) + unnamed(5, 1));
        logs::write(folder / "results_2024-01-02T03-04-05.678.json",
                    R"({"results": {"gsm8k": {"alias": "x", "exact_match,get-answer": 0.5}}})");
        CHECK(shown(runs, logs::import(runs, {path}), "exact_match,get-answer") == 0.5);

        const std::string other_answer = changed(unnamed(4, 1), "resps", json::parse(R"([[" 73"]])"));
        CHECK(message_of_rows(unnamed(4, 0) + other_answer).find("differs in text, prompt or answer") !=
              std::string::npos);
        CHECK(message_of_rows(unnamed(4, 0) + unnamed(5, 0) + unnamed(5, 0)).find("duplicate document 5") !=
              std::string::npos);
    }

    TEST_CASE("NaN and Infinity in JSON are read") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        const std::string path = folder / "samples_t.jsonl";
        logs::write(path, logs::line(R"({"doc_id": 0, "doc": {"weight": NaN, "say": "a \"NaN\" or -Infinity"},
            "target": 0, "arguments": [["Q", " a"], ["Q", " b"]], "resps": [[[-Infinity, false]], [[-1.5, true]]],
            "filtered_resps": [[-Infinity, false], [-1.5, true]], "acc": "True", "bleu": NaN})"));
        const auto items = runs.items(runs.tasks(logs::import(runs, {path}).id).at(0).id);
        REQUIRE(items.size() == 1);
        CHECK(items[0].document_json == R"({"weight":"NaN","say":"a \"NaN\" or -Infinity"})");
        CHECK(std::isinf(items[0].requests.at(0).logprob));
        CHECK(items[0].scores.at(0).metric == "acc");
        CHECK(items[0].scores.at(0).value == 1.0);
    }

    TEST_CASE("a log with fewer documents than were evaluated is an unfinished run") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        const std::string path = folder / "samples_arc_easy_2025-01-02T03-04-05.678.jsonl";
        logs::write(path, logs::choice_object(0));
        // --output_path may name a file.
        logs::write(folder / "out_2025-01-02T03-04-05.678.json",
                    R"({"model_name": "meta/x", "n-samples": {"arc_easy": {"original": 2376, "effective": 2}}})");
        const store::RunRow cut = logs::import(runs, {path}, "");
        CHECK(cut.variant == "meta/x");
        CHECK(cut.finished.empty());
        CHECK(runs.tasks(cut.id).at(0).planned_items == 2);
        logs::write(path, logs::choice_object(0) + logs::choice_object(1));
        CHECK_FALSE(logs::import(runs, {path}, "").finished.empty());
    }

    TEST_CASE("the same content is the same run whatever the order of the files") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        const std::string first = folder / "samples_arc_easy_2025-01-02T03-04-05.678.jsonl";
        const std::string second = folder / "samples_gsm8k_2025-01-02T03-04-05.678.jsonl";
        logs::write(first, logs::choice_object(0));
        logs::write(second, logs::generation(4, "strict-match", 0));
        const store::RunRow run = logs::import(runs, {first, second});
        CHECK(logs::import(runs, {second, first}).id == run.id);
        CHECK(runs.items(runs.tasks(run.id).at(0).id).size() == 1);
        const store::RunRow renamed = logs::import(runs, {first, second}, "renamed");
        CHECK(renamed.id != run.id);
        CHECK(renamed.model_fingerprint == run.model_fingerprint);
        logs::write(first, logs::choice_object(0, 0));
        const store::RunRow other = logs::import(runs, {first, second});
        CHECK(other.id != run.id);
        CHECK(other.model_fingerprint != run.model_fingerprint);
        CHECK(runs.model(run.model_fingerprint).card_json.find("samples_arc_easy_2025") != std::string::npos);
    }

    TEST_CASE("a gzipped log gives the same run as the plain one") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        const std::string path = folder / "samples_arc_easy_2025-01-02T03-04-05.678.jsonl.gz";
        const std::string text = logs::choice_object(0);
        gzFile file = gzopen(path.c_str(), "wb");
        gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
        gzclose(file);
        const store::RunRow run = logs::import(runs, {path});
        CHECK(runs.tasks(run.id).at(0).task == "arc_easy");
        CHECK(runs.items(runs.tasks(run.id).at(0).id).size() == 1);
    }

    TEST_CASE("the task's name is between the prefix and the date") {
        CHECK(interchange::lm_eval_task_name("a/b/samples_arc_easy_2024-05-01T10-11-12.123456.jsonl") == "arc_easy");
        CHECK(interchange::lm_eval_task_name("samples_mmlu_high_school_physics_2024-05-01T10:11:12.1.jsonl.gz") ==
              "mmlu_high_school_physics");
        CHECK(interchange::lm_eval_task_name("samples_arc_easy.jsonl") == "arc_easy");
        CHECK(interchange::lm_eval_task_name("gsm8k.jsonl") == "gsm8k");
        CHECK(interchange::lm_eval_task_name("samples_task_2.jsonl") == "task_2");
    }

    TEST_CASE("an error in a log is reported with its row and field") {
        const std::string good = logs::choice_object(0);
        CHECK(message_of_rows(good) == "read");
        CHECK(message_of_rows("") == ": has no samples");
        CHECK(message_of_rows(good + "{\"doc_id\": 1").find(": row 2: is not JSON") == 0);
        CHECK(message_of_rows(good + "[]") == ": row 2: a sample is a JSON object");
        CHECK(message_of_rows(without(good, "doc_id")).find(": row 1: field \"doc_id\" is missing") == 0);
        CHECK(message_of_rows(changed(good, "doc_id", -1)).find("field \"doc_id\" must be a non-negative integer") !=
              std::string::npos);
        CHECK(message_of_rows(changed(good, "doc_id", "0")).find("field \"doc_id\" must be a non-negative integer") !=
              std::string::npos);
        CHECK(message_of_rows(without(good, "arguments")).find("field \"arguments\" is missing") != std::string::npos);
        CHECK(message_of_rows(changed(good, "arguments", 3)).find("field \"arguments\" must be a list of pairs") !=
              std::string::npos);
        CHECK(message_of_rows(changed(good, "arguments", json::array())).find("field \"arguments\" is empty") !=
              std::string::npos);
        CHECK(message_of_rows(changed(good, "arguments", {{"gen_args_1", {{"arg_0", "a"}}}}))
                  .find("must have the keys gen_args_0") != std::string::npos);
        CHECK(message_of_rows(
                  changed(good, "arguments", {{"gen_args_0", {{"arg_1", "a"}}}, {"gen_args_1", {{"arg_0", "a"}}}}))
                  .find("[0] is empty") != std::string::npos);
        CHECK(message_of_rows(without(good, "resps")).find("field \"resps\" is missing") != std::string::npos);
        CHECK(message_of_rows(changed(good, "resps", json::array())).find("an entry for each of the 2 arguments") !=
              std::string::npos);
        CHECK(message_of_rows(changed(good, "resps", json::parse(R"([[["-1","True"]],["x"]])")))
                  .find("[1] must hold a pair") != std::string::npos);
        CHECK(message_of_rows(changed(good, "resps", json::parse(R"([[["-1","True"]],[["none","True"]]])")))
                  .find("[1] must hold a pair") != std::string::npos);
        CHECK(message_of_rows(changed(good, "resps", json::parse(R"([[["-1","True"]],[]])")))
                  .find("[1] must be a list of answers") != std::string::npos);
        CHECK(message_of_rows(changed(good, "metrics", {"acc", "f1"})).find("field \"f1\" is missing") !=
              std::string::npos);
        CHECK(message_of_rows(changed(good, "metrics", "acc")).find("field \"metrics\" must be a list of names") !=
              std::string::npos);
        CHECK(message_of_rows(changed(good, "filter", 1)).find("field \"filter\" must be a string") !=
              std::string::npos);
        CHECK(message_of_rows(good + good).find(": row 2: duplicate document 0") == 0);
        CHECK(message_of_rows(good + logs::rolling(1)).find(": row 2: is of kind rolling") == 0);
        CHECK(message_of_rows(changed(logs::rolling(0), "word_perplexity", -20.5))
                  .find("must be a pair of log-likelihood") != std::string::npos);
        CHECK(message_of_rows(logs::generation(4, "a", 0) + changed(logs::generation(4, "b", 0), "doc", "other"))
                  .find("differs in text, prompt or answer") != std::string::npos);
        CHECK(message_of_rows("{\"doc_id\":" + std::string(100000, '[') + std::string(100000, ']') + "}")
                  .find("nested more than") != std::string::npos);
        const std::string list = logs::as_list(good);
        CHECK(message_of_rows("\n " + list + "\n") == "read");
        CHECK(message_of_rows("[]") == ": has no samples");
        CHECK(message_of_rows(list.substr(0, list.size() - 4)) ==
              ": the list of samples does not end; is the file complete?");
        CHECK(message_of_rows(list + good) == ": text follows the end of the list of samples");
        CHECK(message_of_rows("[" + good + ",]").find(": row 2: is not JSON") == 0);
        CHECK(message_of_rows("[" + good + good + "]").find(": row 1: is not JSON") == 0);
        CHECK(message_of_rows("[1, " + good + "]") == ": row 1: a sample is a JSON object");
        CHECK(message_of("/no/such/samples_t.jsonl").find("/no/such/samples_t.jsonl") != std::string::npos);
    }

    TEST_CASE("a metric that is the input of an aggregate is unscored") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        const std::string path = folder / "samples_t.jsonl";
        logs::write(path,
                    changed(changed(logs::choice_object(0), "acc", json::array({"gold", "answer"})), "acc_norm", true));
        const auto items = runs.items(runs.tasks(logs::import(runs, {path}).id).at(0).id);
        CHECK_FALSE(items.at(0).scores.at(0).value.has_value());
        CHECK(items.at(0).scores.at(1).value == 1.0);
    }

    TEST_CASE("an import that fails in the store leaves nothing behind") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        logs::write(folder / "samples_t.jsonl", logs::choice_object(0) + logs::choice_object(1));
        interchange::ImportedRun run = interchange::read_lm_eval({.files = {folder / "samples_t.jsonl"}, .model = "m"});
        store::ImportedTask wrong = run.tasks.at(0);
        wrong.task.task = "u";
        wrong.items.at(1).requests.at(0).kind = "no such kind";
        run.tasks.push_back(wrong);
        CHECK_THROWS_AS(runs.import_run(run.model, run.plan, run.tasks), store::StoreError);
        CHECK(runs.runs().empty());
        CHECK_THROWS_AS(runs.model(run.model.fingerprint), store::StoreError);
        run.tasks.pop_back();
        CHECK(runs.import_run(run.model, run.plan, run.tasks).id == 1);
        CHECK(runs.items(runs.tasks(1).at(0).id).size() == 2);
    }
}
