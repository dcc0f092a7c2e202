// Tests the differences between logs of lm-evaluation-harness and Bellwether's.

#include <doctest/doctest.h>

#include <cmath>

#include "harness/interchange/lm_eval_export.hpp"
#include "harness/interchange/lm_eval_names.hpp"
#include "harness/interchange/lm_eval_rows.hpp"
#include "harness/interchange/lm_eval_target.hpp"
#include "harness/interchange/python_json.hpp"
#include "harness/results/item_differences.hpp"
#include "harness/store/database.hpp"
#include "reports/formats/render.hpp"
#include "tests/harness/interchange/logs.hpp"

using namespace harness;
using nlohmann::json;
using nlohmann::ordered_json;

namespace {

/// A row of two choices whose second log-probability is `logprob`, as JSON.
std::string choice_with(int doc, const std::string& logprob) {
    return logs::line(R"({"doc_id": )" + std::to_string(doc) + R"(, "doc": {"q": "Q"}, "target": "1",
        "arguments": {"gen_args_0": {"arg_0": "Q", "arg_1": " a"}, "gen_args_1": {"arg_0": "Q", "arg_1": " b"}},
        "resps": [[["-2.5", "False"]], [[)" +
                      logprob + R"(, "True"]]], "filtered_resps": [["-2.5", "False"], ["-1", "True"]],
        "filter": "none", "metrics": ["acc"], "acc": 1.0})");
}

/// A row of squadv2 as version 0.4.9 logs it.
std::string squad(const std::string& answer, double no_answer, const std::string& references) {
    const std::string pair = R"([{"id": "7", "prediction_text": )" + json(answer).dump() +
                             R"(, "no_answer_probability": )" + std::to_string(no_answer) +
                             R"(}, {"id": "7", "answers": {"text": )" + references + R"(, "answer_start": [0]}}])";
    std::string row = R"({"doc_id": 0, "doc": {"q": "Q"}, "target": " x",
        "arguments": {"gen_args_0": {"arg_0": "Q", "arg_1": {"until": ["\n"]}},
                      "gen_args_1": {"arg_0": "Q", "arg_1": " unanswerable"}},
        "resps": [[)" +
                      json(answer).dump() +
                      R"(], [["-2.5", "False"]]], "filtered_resps": ["x"], "filter": "none",
        "metrics": ["exact", "f1", "HasAns_f1", "NoAns_exact", "best_exact"])";
    for (const char* metric : {"exact", "f1", "HasAns_f1", "NoAns_exact", "best_exact"})
        row += std::string(", \"") + metric + "\": " + pair;
    return logs::line(row + "}");
}

std::map<std::string, std::optional<double>> scores_of_row(const std::string& row) {
    std::map<std::string, std::optional<double>> scores;
    for (const store::ScoreRow& score : interchange::parse_lm_eval_sample(row, "row").scores)
        scores[score.metric] = score.value;
    return scores;
}

/// Source of a generation: a run of Bellwether or a log.
enum class Origin { Ours, Log };

/// A run of one generation, stored in the form of its origin.
store::RunRow add_generation(store::RunStore& runs, const std::string& variant, const std::string& output,
                             Origin origin) {
    const store::ModelRow model{variant, variant, "", "{}"};
    store::RunRow plan;
    plan.plan_hash = plan.variant = variant;
    plan.plan_json = "{}";
    plan.model_fingerprint = variant;
    store::RunTaskRow task;
    task.task = "gsm8k";
    task.profile = "lmeval";
    task.planned_items = 1;
    task.definition_json = R"({"kind": "generate", "generation": {"until": ["Q:", "\n\n"]}})";
    task.kind = "generate";
    task.generation_json = R"({"until": ["Q:", "\n\n"]})";
    task.metrics = {{.name = "exact_match"}};
    const store::ItemRow item = {.doc = 0,
                                 .document_json = R"({"q": "x"})",
                                 .target = "4",
                                 .error = "",
                                 .requests = {{.kind = "generate", .context = "x", .output = output}},
                                 .scores = {}};
    if (origin == Origin::Log) return runs.import_run(model, plan, {{.task = task, .items = {item}}});
    store::RunRow run = runs.open_run(model, plan, {task});
    runs.add_items(runs.tasks(run.id).at(0).id, {item});
    return run;
}

}  // namespace

TEST_SUITE("interchange.reference") {
    TEST_CASE("a log-probability that is not a number marks its item and the others are imported") {
        for (const char* broken : {"NaN", "\"nan\"", "\"NaN\"", "null", "Infinity", "\"inf\""}) {
            CAPTURE(std::string(broken));
            const Temporary folder;
            const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
            store::RunStore runs(database);
            const std::string path = folder / "samples_t.jsonl";
            logs::write(path, choice_with(0, "\"-1.5\"") + choice_with(1, broken) + choice_with(2, "-1.5"));
            const store::RunRow run = logs::import(runs, {path});
            const auto items = runs.items(runs.tasks(run.id).at(0).id);
            REQUIRE(items.size() == 3);
            CHECK(items[0].error.empty());
            CHECK(items[0].scores.at(0).value == 1.0);
            CHECK(items[1].error.find("as the log-probability of resps[1]") != std::string::npos);
            CHECK_FALSE(items[1].scores.at(0).value.has_value());
            CHECK(items[1].requests.empty());
            CHECK(items[2].requests.at(1).logprob == -1.5);
        }
    }

    TEST_CASE("a probability of 0 is a number") {
        for (const char* infinite : {"-Infinity", "\"-inf\""}) {
            const auto sample = interchange::parse_lm_eval_sample(choice_with(0, infinite), "row");
            CHECK(sample.error.empty());
            CHECK(sample.requests.at(1).logprob == -INFINITY);
        }
    }

    TEST_CASE("shortened names of MATH subjects are translated both ways") {
        for (const auto& [ours, theirs] : std::vector<std::pair<std::string, std::string>>{
                 {"hendrycks_math_counting_and_probability", "hendrycks_math_counting_and_prob"},
                 {"minerva_math_number_theory", "minerva_math_num_theory"},
                 {"minerva_math_precalculus", "minerva_math_precalc"},
                 {"minerva_math_algebra", "minerva_math_algebra"}}) {
            CHECK(interchange::lm_eval_task(ours) == theirs);
            CHECK(interchange::task_of_lm_eval(theirs) == ours);
        }
        CHECK(interchange::metric_of_lm_eval("minerva_math_algebra", "exact_match") == "exact_match,none");
        CHECK(interchange::metric_of_lm_eval("bbh_fewshot_snarks", "exact_match") == "exact_match,none");
        CHECK(interchange::metric_of_lm_eval("hendrycks_math_algebra", "exact_match") == "exact_match");
        CHECK(interchange::metric_of_lm_eval("minerva_math_algebra", "math_verify") == "math_verify");
    }

    TEST_CASE("the pairs from which SQuAD is graded become scores of their item") {
        const auto right = scores_of_row(squad("the Normans", 0.25, R"(["Normans", "William"])"));
        CHECK(right.at("exact") == 1.0);
        CHECK(right.at("HasAns_f1") == 1.0);
        CHECK_FALSE(right.at("NoAns_exact").has_value());
        CHECK(right.at("no_answer_probability") == 0.25);
        CHECK(right.at("answerable") == 1.0);
        // "in new york city" against "new york": precision 2/4, recall 1.
        CHECK(*scores_of_row(squad("in new york city", 0.5, R"(["new york"])")).at("f1") == doctest::Approx(2.0 / 3));
        const auto unanswerable = scores_of_row(squad("something", 0.5, "[]"));
        CHECK(unanswerable.at("NoAns_exact") == 0.0);
        CHECK(unanswerable.at("answerable") == 0.0);
        CHECK(scores_of_row(squad("", 0.5, "[]")).at("exact") == 1.0);
    }

    TEST_CASE("a generation equals the log's if only the first space and the stop string differ") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        const store::RunRow ours = add_generation(runs, "ours", " It is 72.\n\nQ: next", Origin::Ours);
        const store::RunRow theirs = add_generation(runs, "theirs", "It is 72.", Origin::Log);
        for (const auto& [first, second] : {std::pair(ours, theirs), std::pair(theirs, ours)}) {
            const auto difference = results::item_differences(runs, first, second, 0);
            CHECK(difference.identical());
            CHECK(difference.tasks.at(0).same_as_kept == 1);
            CHECK(reports::formats::render_terminal(difference).find("1 output taken as equal") != std::string::npos);
            CHECK(json::parse(reports::formats::render_json(difference))["tasks"][0]["outputs_same_as_kept"] == 1);
        }
        const store::RunRow other = add_generation(runs, "other", "It is 73.", Origin::Log);
        CHECK(results::item_differences(runs, ours, other, 0).tasks.at(0).outputs() == 1);
        // One space is lost there, not two.
        const store::RunRow spaced = add_generation(runs, "spaced", "  It is 72.", Origin::Log);
        CHECK(results::item_differences(runs, ours, spaced, 0).tasks.at(0).outputs() == 1);
        CHECK(results::item_differences(runs, ours, spaced, 0).tasks.at(0).same_as_kept == 0);
    }

    TEST_CASE("two runs of Bellwether differ if spaces or stop strings differ") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        const store::RunRow base = add_generation(runs, "base", " It is 72.", Origin::Ours);
        for (const char* changed : {"It is 72.", " It is 72.\n\n", " It is 72.\n\nQ: next", "  It is 72."}) {
            CAPTURE(std::string(changed));
            const store::RunRow run = add_generation(runs, std::string("run") + changed, changed, Origin::Ours);
            const auto difference = results::item_differences(runs, base, run, 0);
            CHECK_FALSE(difference.identical());
            CHECK(difference.tasks.at(0).outputs() == 1);
            CHECK(difference.tasks.at(0).same_as_kept == 0);
        }
    }

    TEST_CASE("the tolerance of log-probabilities applies to scores computed from them but not to verdicts") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        const auto with = [&](const std::string& name, double score) {
            const std::string path = folder / "samples_truthfulqa_mc2.jsonl";
            json row = json::parse(logs::choice_object(0));
            row["acc"] = score;
            logs::write(path, row.dump() + "\n");
            return logs::import(runs, {path}, name);
        };
        const store::RunRow first = with("first", 0.4321);
        const store::RunRow near = with("near", 0.4325);
        CHECK(results::item_differences(runs, first, near, 0.001).identical());
        CHECK(results::item_differences(runs, first, near, 0.0001).tasks.at(0).verdicts() == 1);
        const store::RunRow wrong = with("wrong", 0);
        const store::RunRow right = with("right", 1);
        CHECK(results::item_differences(runs, wrong, right, INFINITY).tasks.at(0).verdicts() == 1);
    }

    TEST_CASE("the hash of the correct answer covers lm-evaluation-harness's form of it") {
        const ordered_json none;
        CHECK(interchange::lm_eval_target("arc_easy", "2", none) == "2");
        CHECK(interchange::lm_eval_target("nq_open", R"(["Paris", "it's"])", none) == "['Paris', \"it's\"]");
        CHECK(interchange::lm_eval_target("gsm8k", "[not a list", none) == "[not a list");
        // One answer is a list too, and a list of numbers has spaces after its commas.
        CHECK(interchange::lm_eval_target("nq_open", "2017", {{"answer", {"2017"}}}) == "['2017']");
        CHECK(interchange::lm_eval_target("triviaqa", "x", {{"answer", {{"aliases", {"x", "y"}}}}}) == "['x', 'y']");
        CHECK(interchange::lm_eval_target("minerva_math_algebra", "[-2,7]", none) == "[-2, 7]");
        CHECK(interchange::lm_eval_target("minerva_math_algebra", "[0.50,123456789012345678901]", none) ==
              "[0.5, 123456789012345678901]");
        CHECK(interchange::lm_eval_target("minerva_math_algebra", "[2,5)", none) == "[2,5)");
        CHECK(interchange::lm_eval_target("minerva_math_algebra", "[true,\\infty]", none) == "[true,\\infty]");
        CHECK(interchange::lm_eval_target("gsm8k_cot", "x", {{"answer", "6 + 12 = 18\n#### 18\n"}}) == "18");
        CHECK(interchange::lm_eval_target("gsm8k", "6 + 12\n#### 18", {{"answer", "y"}}) == "6 + 12\n#### 18");
        CHECK(interchange::lm_eval_target("truthfulqa_mc2", "0,1,2", ordered_json::object()) == "0");
        CHECK(interchange::lm_eval_target("commonsense_qa", "1", {{"answerKey", "B"}}) == "B");
        CHECK(interchange::lm_eval_target("commonsense_qa", "1", {{"other", "B"}}) == "1");
        CHECK(interchange::lm_eval_target("agieval_sat_math", "2", {{"gold", {2}}}) == "[2]");
        CHECK(interchange::lm_eval_target("winogrande", "0", {{"sentence", "Ann saw _ run. "}}) == "run.");
        CHECK(interchange::lm_eval_target("lambada_openai", "x", {{"text", "one two"}}) == " two");
        CHECK(interchange::lm_eval_target("squadv2", "x", {{"answers", {{"text", {"a b", "c"}}}}}) == " a b");
        CHECK(interchange::lm_eval_target("squadv2", "x", {{"answers", {{"text", ordered_json::array()}}}}) ==
              " unanswerable");
        CHECK(interchange::lm_eval_target("humaneval", "x", {{"test", "def check(f): pass"}, {"entry_point", "f"}}) ==
              "def check(f): pass\ncheck(f)");
        CHECK(interchange::lm_eval_target("mbpp", "x", {{"test_list", {"a", "b", "c", "d"}}}) == "a\nb\nc");
    }

    TEST_CASE("the probability of no answer is exported and imported as a separate request") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        logs::write(folder / "samples_squadv2.jsonl", squad("France", 0.25, R"(["France"])"));
        const store::RunRow run = logs::import(runs, {folder / "samples_squadv2.jsonl"});
        const auto asked = runs.items(runs.tasks(run.id).at(0).id).at(0).requests;
        REQUIRE(asked.size() == 2);
        const auto files = interchange::export_lm_eval(runs, run);
        const json row = json::parse(files.at(1).content);
        CHECK(row["resps"] == json::parse(R"([["France"], [["-2.5", "False"]]])"));
        CHECK(row["arguments"]["gen_args_1"]["arg_1"] == " unanswerable");
        logs::write(folder / files.at(1).name, files.at(1).content);
        const store::RunRow back = logs::import(runs, {folder / files.at(1).name}, "back");
        CHECK(runs.items(runs.tasks(back.id).at(0).id).at(0).requests == asked);
    }

    TEST_CASE("an exported generation is filtered up to its stop string as it was graded") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        const auto exported = [&](const store::RunRow& run) {
            return json::parse(interchange::export_lm_eval(runs, run).at(1).content);
        };
        const json ours = exported(add_generation(runs, "ours", " It is 72.\n\nQ: next", Origin::Ours));
        CHECK(ours["resps"] == json::parse(R"([[" It is 72.\n\nQ: next"]])"));
        CHECK(ours["filtered_resps"] == json::parse(R"([" It is 72."])"));
        CHECK(exported(add_generation(runs, "log", "7\n\n", Origin::Log))["filtered_resps"][0] == "7\n\n");
    }

    TEST_CASE("programs of HumanEval are filtered as in lm-evaluation-harness with prompt and all samples together") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        json row = json::parse(logs::generation(0, "create_test", 1));
        row["doc"] = {{"prompt", "def f():\n"}, {"test", "t"}, {"entry_point", "f"}};
        row["resps"] = json::parse(R"([["    return 1", "    return 2"]])");
        row["filtered_resps"] = json::parse(R"([["def f():\n    return 1", "def f():\n    return 2"]])");
        row["metrics"] = json::array({"pass@1"});
        row["pass@1"] = 0.5;
        logs::write(folder / "samples_humaneval.jsonl", row.dump() + "\n");
        const store::RunRow run = logs::import(runs, {folder / "samples_humaneval.jsonl"});
        const json out = json::parse(interchange::export_lm_eval(runs, run).at(1).content);
        CHECK(out["filtered_resps"] == row["filtered_resps"]);
        CHECK(out["resps"] == row["resps"]);
        CHECK(out["pass@1"] == 0.5);
    }

    TEST_CASE("an exported row has lm-evaluation-harness's hash of the correct answer") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        json row = json::parse(logs::generation(0, "none", 1));
        row["target"] = R"(["Paris", "it's"])";
        logs::write(folder / "samples_nq_open.jsonl", row.dump() + "\n");
        const store::RunRow run = logs::import(runs, {folder / "samples_nq_open.jsonl"});
        const std::string line = interchange::export_lm_eval(runs, run).at(1).content;
        // hashlib.sha256(str(["Paris", "it's"]).encode()).hexdigest()
        CHECK(json::parse(line).at("target_hash") ==
              "ed17b8766ebb1b154a5729f5826e7b2e1a94924d91a1ff9d5c09fd735052af58");
    }

    TEST_CASE("values are written as Python's repr does") {
        CHECK(interchange::python_repr("it's") == "\"it's\"");
        CHECK(interchange::python_repr("say \"x\" it's") == "'say \"x\" it\\'s'");
        CHECK(interchange::python_repr("a\nb\t\\ \x07 \u0085 \u00a0 é \u200b \u2028 \ue000 \U0001F389 \ufeff") ==
              "'a\\nb\\t\\\\ \\x07 \\x85 \\xa0 é \\u200b \\u2028 \\ue000 \U0001F389 \\ufeff'");
        CHECK(interchange::python_repr({{"a", nullptr}, {"b", true}, {"c", 1.0}}) ==
              "{'a': None, 'b': True, 'c': 1.0}");
    }

    TEST_CASE("a duplicate key has its first place and its last value as in Python") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        const std::string path = folder / "samples_t.jsonl";
        json row = json::parse(logs::choice_object(0));
        std::string text = row.dump();
        text.replace(text.find(R"({"question":"Q0"})"), 17, R"({"b":1,"a":2,"b":3})");
        logs::write(path, text + "\n");
        const auto items = runs.items(runs.tasks(logs::import(runs, {path}).id).at(0).id);
        CHECK(items.at(0).document_json == R"({"b":3,"a":2})");
    }

    TEST_CASE("output that is not UTF-8 survives export and import byte for byte") {
        const Temporary folder;
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore runs(database);
        const std::string bytes = "a\xff\xc3(\xe2\x82 end";
        const store::RunRow run = add_generation(runs, "ours", bytes, Origin::Log);
        const auto files = interchange::export_lm_eval(runs, run);
        const std::string row = files.at(1).content;
        CHECK(json::parse(row).at("resps").at(0).at(0).get<std::string>().starts_with("a\xEF\xBF\xBD"));
        logs::write(folder / files.at(1).name, row);
        const store::RunRow back = logs::import(runs, {folder / files.at(1).name}, "back");
        CHECK(runs.items(runs.tasks(back.id).at(0).id).at(0).requests.at(0).output == bytes);
        // A row without such bytes has no such field.
        const store::RunRow plain = add_generation(runs, "plain", "ascii", Origin::Log);
        CHECK_FALSE(json::parse(interchange::export_lm_eval(runs, plain).at(1).content).contains("resps_base64"));
    }

    TEST_CASE("a lone surrogate in a log becomes a replacement character") {
        CHECK(interchange::plain_json(R"({"a": "\ud83d", "b": "\udc80x", "c": "\ud83c\udf89", "d": "\\ud83d"})") ==
              R"({"a": "\uFFFD", "b": "\uFFFDx", "c": "\ud83c\udf89", "d": "\\ud83d"})");
        CHECK(interchange::plain_json(R"({"a": "\uD83D\u0041"})") == R"({"a": "\uFFFD\u0041"})");
        CHECK(interchange::plain_json(R"({"a": "\ud8)") == R"({"a": "\ud8)");
    }
}
