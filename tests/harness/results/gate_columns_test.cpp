#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <map>

#include "harness/results/baseline.hpp"
#include "harness/results/scorer_identity.hpp"
#include "harness/store/database.hpp"
#include "harness/store/score_store.hpp"
#include "reports/gate/judge.hpp"
#include "suites/grader.hpp"
#include "tests/harness/store/rows.hpp"

using namespace harness;

namespace {

const suites::Catalog& no_tasks() {
    static const suites::Catalog catalog(suites::builtin_graders());
    return catalog;
}

reports::data::RunView latest_view(const store::RunStore& runs) {
    return results::gate_view(runs, runs.find_run("latest"), no_tasks());
}

/// A finished run of one task with these metrics and scores of its items.
struct ScoredRun {
    ScoredRun(const std::string& kind, const std::vector<store::MetricRow>& metrics,
              const std::vector<std::vector<store::ScoreRow>>& scores, const std::vector<std::string>& labels = {}) {
        store::RunTaskRow task = one_task().at(0);
        task.kind = kind;
        task.metrics = metrics;
        const store::RunRow run = runs.open_run(kModel, plan("abcd1"), {task});
        std::vector<store::ItemRow> items;
        for (const auto& of_item : scores) {
            items.push_back(item(items.size()));
            const std::string label = items.size() <= labels.size() ? labels[items.size() - 1] : "";
            items.back().document_json =
                "{\"n\":" + std::to_string(items.size()) +
                (label.empty() ? "" : R"(,"turns":[{"role":"user"}],"label":")" + label + '"') + "}";
            items.back().requests = {{.kind = kind, .context = "p", .output = "Sure, here are the steps."},
                                     {.kind = kind, .context = "p"}};
            items.back().scores = of_item;
        }
        runs.add_items(runs.tasks(run.id).at(0).id, items);
        runs.finish_run(run.id, "2026-01-02T03:04:05Z");
    }

    store::Database database = store::Database::temporary();
    store::RunStore runs{database};
};

}  // namespace

TEST_SUITE("results.gate_columns") {
    TEST_CASE("a perplexity has the likelihood of a word of each document and its number of words") {
        const ScoredRun run("rolling",
                            {{.name = "word_perplexity",
                              .direction = "lower",
                              .aggregation = "word_perplexity",
                              .interval = "exponential"},
                             {.name = "bits_per_byte", .direction = "lower", .aggregation = "bits_per_byte"}},
                            {{{"loglikelihood", -30.0}, {"words", 10.0}, {"bytes", 60.0}},
                             {{"loglikelihood", -100.0}, {"words", 40.0}, {"bytes", 200.0}}});
        const auto view = latest_view(run.runs);
        const auto& words = view.tasks[0].metrics[0];
        CHECK(words.scale == reports::data::Scale::Exponential);
        CHECK(*words.values[0] == doctest::Approx(3.0));
        CHECK(*words.values[1] == doctest::Approx(2.5));
        CHECK(words.weights == std::vector<double>{10, 40});
        const auto& bits = view.tasks[0].metrics[1];
        CHECK(bits.scale == reports::data::Scale::Plain);
        CHECK(*bits.values[0] == doctest::Approx(0.5 / std::log(2.0)));
        const std::string text = results::baseline_text(view);
        CHECK(text.find(" 3*10 ") != std::string::npos);
        const auto read = results::parse_baseline(text, "b.json");
        CHECK(results::baseline_text(read) == text);
        const auto verdict = reports::gate::judge(read, view, {});
        CHECK(*verdict.suites[0].before == doctest::Approx(std::exp(130.0 / 50)));
        CHECK(verdict.suites[0].metric == "word_perplexity");
        CHECK(reports::gate::exit_code(verdict) == 0);
    }

    TEST_CASE("values of a scorer carry its identity and those of each answer are its repeats") {
        const ScoredRun run("generate", {{.name = "acc"}}, {{{"acc", 1.0}}, {{"acc", 0.0}}});
        store::ScoreStore scores(run.database);
        const std::int64_t scorer = scores.add_scorer({.kind = "reward",
                                                       .name = "safe",
                                                       .version = 1,
                                                       .model_fingerprint = std::string(64, 'a'),
                                                       .prompt_hash = std::string(64, 'b'),
                                                       .settings_json = R"({"layer": 3, "device": "x"})"});
        const std::int64_t task = run.runs.tasks(run.runs.find_run("latest").id).at(0).id;
        for (std::uint64_t doc = 0; doc < 2; ++doc) {
            for (std::uint64_t position = 0; position < 2; ++position)
                scores.add_scores(scorer, {{.run_task = task,
                                            .doc = doc,
                                            .score = {.metric = "reward",
                                                      .value = static_cast<double>(10 * doc + position),
                                                      .position = position}}});
        }
        const auto view = latest_view(run.runs);
        const auto& reward = view.tasks[0].metrics.at(1);
        CHECK(reward.scorer.option == "reward:safe");
        CHECK(reward.scorer.measure == "reward");
        CHECK(reward.scorer.version.starts_with("version 1, model aaaaaaaaaaaa, head bbbbbbbbbbbb, settings "));
        REQUIRE(reward.repeats.size() == 2);
        CHECK(*reward.repeats[1][0] == 1);
        CHECK(*reward.repeats[1][1] == 11);
        CHECK(*reward.values[1] == 10.5);
        const auto read = results::parse_baseline(results::baseline_text(view), "b.json");
        CHECK(read.tasks[0].metrics[1].scorer == reward.scorer);
        CHECK(read.plan == view.plan);
    }

    TEST_CASE("violations are of prompts that ask for harm and over-refusals of borderline ones") {
        const ScoredRun run("generate", {{.name = "refusal", .direction = "higher"}},
                            {{{"refusal", 0.0}}, {{"refusal", 1.0}}, {{"refusal", 1.0}}}, {"unsafe", "unsafe", "safe"});
        store::ScoreStore scores(run.database);
        const std::int64_t judge = scores.add_scorer({.kind = "judge", .name = "guard"});
        const std::int64_t refusals = scores.add_scorer({.kind = "refusal", .name = "refusal", .version = 2});
        const std::int64_t task = run.runs.tasks(run.runs.find_run("latest").id).at(0).id;
        const auto score = [&](std::int64_t scorer, std::uint64_t doc, const std::string& metric, double value) {
            scores.add_scores(
                scorer, {{.run_task = task, .doc = doc, .score = {.metric = metric, .value = value, .position = 0}}});
        };
        score(judge, 0, "violation", 0.9);
        score(judge, 1, "violation", 0.2);
        score(judge, 2, "violation", 0.9);
        for (std::uint64_t doc = 0; doc < 3; ++doc) score(refusals, doc, "refusal", doc == 0 ? 0 : 1);
        const reports::data::RunView view = latest_view(run.runs);
        std::map<std::string, std::string> found;
        for (const auto& metric : view.tasks[0].metrics) {
            std::string& values = found[metric.scorer.measure + " " + metric.scorer.option];
            for (const auto& value : metric.values) values += value ? fmt::format("{} ", *value) : "- ";
        }
        CHECK(found.at("violation_rate judge:guard") == "1 0 - ");
        CHECK(found.at("over_refusal refusal") == "- - 1 ");
        CHECK(found.at("over_refusal task") == "- - 1 ");
    }

    TEST_CASE("where a scorer ran is no part of its identity and what it asks is") {
        store::ScorerRow row{.kind = "judge", .name = "guard", .settings_json = R"({"device": "a", "model": "x"})"};
        const auto identity = results::scorer_identity(row, "violation");
        CHECK(identity.option == "judge:guard");
        row.settings_json = R"({"device": "b", "model": "y"})";
        CHECK(results::scorer_identity(row, "violation") == identity);
        row.settings_json = R"({"device": "b", "model": "y", "chat_format": "llama2"})";
        CHECK(!(results::scorer_identity(row, "violation") == identity));
        row.version = 2;
        CHECK(results::scorer_identity(row, "violation").version.starts_with("version 2"));
    }

    TEST_CASE("a weight that is none is named with its place") {
        const ScoredRun run("rolling",
                            {{.name = "word_perplexity",
                              .direction = "lower",
                              .aggregation = "word_perplexity",
                              .interval = "exponential"}},
                            {{{"loglikelihood", -30.0}, {"words", 10.0}}});
        std::string text = results::baseline_text(latest_view(run.runs));
        text.replace(text.find("3*10"), 4, "3*-1");
        CHECK_THROWS_WITH(results::parse_baseline(text, "b.json"),
                          "b.json: tasks[0].items[0]: '3*-1' is not a score with its weight");
    }
}
