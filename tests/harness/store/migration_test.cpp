#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <utility>

#include "harness/base/sha256.hpp"
#include "harness/store/database.hpp"
#include "harness/store/run_store.hpp"
#include "harness/store/schema.hpp"
#include "harness/store/score_store.hpp"
#include "tests/harness/store/raw_sqlite.hpp"
#include "tests/support/temporary.hpp"

using namespace harness::store;

namespace {

std::string quoted(std::string text) {
    for (std::size_t at = 0; (at = text.find('\'', at)) != std::string::npos; at += 2) text.insert(at, 1, '\'');
    return "'" + text + "'";
}

/// A task with one item as schema 1 and 2 stored it: score `value` of each metric, one request of `kind`.
struct OldTask {
    const char* name;
    std::string definition;
    const char* kind;
    std::vector<std::pair<const char*, const char*>> scores;
};

std::vector<OldTask> old_tasks() {
    return {
        {"choice",
         R"({"kind":"choice","name":"choice","metrics":["acc","acc_norm"]})",
         "choice",
         {{"acc", "1.0"}, {"acc_norm", "0.0"}, {"prompt_truncated", "0.0"}}},
        {"continuation",
         R"({"kind":"continuation","metrics":["acc","perplexity"]})",
         "choice",
         {{"acc", "0.0"}, {"perplexity", "-2.5"}}},
        {"generation",
         R"({"kind":"generate","metrics":["exact_match,strict","exact_match,loose"],"until":["\n"],"max_tokens":9,)"
         R"("filters":[{"name":"strict","pattern":"x"},{"name":"loose","pattern":"y"}]})",
         "generate",
         {{"exact_match,loose", "1.0"}, {"exact_match,strict", "NULL"}}},
        {"squad", R"({"kind":"generate","metrics":["exact","best_exact","best_f1"]})", "generate", {{"exact", "1.0"}}},
        {"maths",
         R"({"kind":"generate","grader":"minerva_equivalent","metrics":["exact_match","best_f1"]})",
         "generate",
         {{"exact_match", "1.0"}}},
        {"refusing",
         R"({"kind":"generate","grader":"refusal","lower_is_better":true,"metrics":["refusal"]})",
         "generate",
         {{"refusal", "1.0"}}},
        {"rolling",
         R"({"kind":"rolling","metrics":["word_perplexity","bits_per_byte"]})",
         "rolling",
         {{"loglikelihood", "-7.0"}, {"words", "3.0"}, {"bytes", "11.0"}}},
        {"sampled", R"({"kind":"choice","sample":5,"metrics":["acc"]})", "choice", {{"acc", "1.0"}}},
        {"logged",
         R"({"import":"lm-eval","kind":"generate","generation":{"until":["Q:"]},"metrics":[)"
         R"({"name":"exact_match,a","higher_is_better":true},{"name":"ter","higher_is_better":false},)"
         R"({"name":"extraction_failed,a","higher_is_better":false}]})",
         "generate",
         {{"exact_match,a", "0.5"}}},
        {"renamed",
         R"({"kind":"guess","measures":["acc"],"metrics":{"a":1},"until":5})",
         "generate",
         {{"zzz", "0.5"}, {"empty_output", "1.0"}}},
        {"broken", "{", "rolling", {{"loglikelihood", "-7.0"}, {"words", "3.0"}, {"bytes", "11.0"}}},
        {"nested", std::string(100000, '['), "choice", {{"acc", "1.0"}}},
    };
}

void fill_old(const std::string& path, int schema) {
    make_old_database(path, schema);
    RawSqlite raw(path);
    raw.run("INSERT INTO model VALUES ('f00d', 'm', 'm.gguf', '{\"device\":\"card device\",\"numerics\":\"card\"}')");
    raw.run("INSERT INTO run VALUES (7, 'aaaa', " +
            quoted(R"({"variant":"v","model":"f00d","context":256,"device":"its own","numerics":"exact-4","seed":1234,)"
                   R"("chat":true,"system":"Be kind.","tasks":[{"definition":"{}"}]})") +
            ", 'f00d', 'v', '2024-01-02T03:04:05Z', '2024-01-02T04:00:00Z')");
    raw.run("INSERT INTO run VALUES (8, 'bbbb', 'not json', 'f00d', 'w', '2024-02-02T03:04:05Z', NULL)");
    if (schema >= 2) raw.run("INSERT INTO shard VALUES (8, 2, 3)");
    int id = 0;
    for (const OldTask& task : old_tasks()) {
        ++id;
        raw.run(fmt::format("INSERT INTO run_task VALUES ({}, 7, {}, 3, 'p', 2, {}, 4)", id, quoted(task.name),
                            quoted(task.definition)));
        raw.run(fmt::format("INSERT INTO item VALUES ({0}, {0}, 1, '{1}', 't', '')", id, R"({"q":1})"));
        raw.run(fmt::format("INSERT INTO request VALUES ({}, 0, '{}', x'00ff', x'', x'', 'stop', -0.5, 1, 4, x'')", id,
                            task.kind));
        for (const auto& [metric, value] : task.scores)
            raw.run(fmt::format("INSERT INTO score VALUES ({}, '{}', {})", id, metric, value));
    }
}

/// "name kind direction aggregation interval filter" of each metric.
std::vector<std::string> described(const RunTaskRow& task) {
    std::vector<std::string> lines;
    for (const MetricRow& metric : task.metrics) {
        lines.push_back(metric.name + " " + metric.kind + " " + metric.direction + " " + metric.aggregation + " " +
                        metric.interval + (metric.filter.empty() ? "" : " " + metric.filter));
    }
    return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_SUITE("harness.store") {
    TEST_CASE("released migrations are not changed") {
        const std::pair<const char*, const char*> kReleased[] = {
            {"0001_runs.sql", "e7fb0aab9153398e40adba6a94fb4f06684baeed25bb6d928a127245487c939c"},
            {"0002_shards.sql", "1fccc8292ff7ef16db8602e209d30c2b4dcc7c91cad7e41613971ba7c7c29cb2"},
            {"0003_provenance.sql", "22a470148789f0747737cf81f528dbe81ea35e4dc13b653c9b6f77d3cbacbb67"},
            {"0004_answer_scores.sql", "bbb5276bef340e65015c7d17b4bc7ae515108c1a7e1ab715e224fccb4cf140bb"},
            {"0005_reward_models.sql", "6bffae89d24521d32c7a3ccc37551f33a13959aad9728419deecda557c1ee145"},
            {"0006_scorer_accuracy.sql", "cd4331545576bc23d66c4c90a63f50ee3ca51a2f0920ce015722a04201ef574f"},
            {"0007_studies.sql", "8b1d5c4b7869ccafdd7558f82b483fd5cfa7a6a9bc3809fad0eb06fe50b6a738"},
            {"0008_views.sql", "60ac5eeb391f7f5400b9cc764f58b86943560f805c152cb211ca70a965b35f9b"},
        };
        std::size_t files = 0;
        const std::string folder = BELLWETHER_SOURCE_DIR "/harness/store/migrations/";
        for (const auto& entry : std::filesystem::directory_iterator(folder)) files += entry.is_regular_file() ? 1 : 0;
        CHECK(files == std::size(kReleased));
        for (const auto& released : kReleased) {
            const char* name = released.first;
            CAPTURE(std::string(name));
            CHECK(harness::base::sha256_hex(file_text(folder + name)) == released.second);
        }
    }

    TEST_CASE("files of older schemas open with everything that their numbers need") {
        for (const int schema : {1, 2}) {
            CAPTURE(schema);
            const Temporary folder;
            fill_old(folder / "a.sqlite", schema);
            const Database database(folder / "a.sqlite", OpenMode::ReadWrite);
            const RunStore store(database);
            const RunRow run = store.find_run("7");
            CHECK(run.numerics == "exact-4");
            CHECK(run.device == "its own");
            CHECK(run.settings_json == R"({"context":256,"seed":1234,"chat":true,"system":"Be kind."})");
            CHECK(run.created == "2024-01-02T03:04:05Z");
            CHECK(run.finished == "2024-01-02T04:00:00Z");
            const RunRow damaged = store.find_run("8");
            CHECK(damaged.numerics == "card");
            CHECK(damaged.device == "card device");
            CHECK(damaged.settings_json == "{}");
            CHECK(store.shards(8).size() == (schema == 1 ? 0 : 1));

            std::map<std::string, RunTaskRow> tasks;
            for (RunTaskRow& task : store.tasks(7)) tasks[task.task] = std::move(task);
            CHECK(described(tasks["choice"]) == Lines{"acc metric higher mean share",
                                                      "acc_norm metric higher mean share",
                                                      "prompt_truncated counter lower mean share"});
            CHECK(described(tasks["continuation"]) == Lines{"acc metric higher mean share",
                                                            "perplexity metric lower exp_minus_mean exponential",
                                                            "prompt_truncated counter lower mean share"});
            CHECK(described(tasks["generation"]) == Lines{"exact_match,strict metric higher mean share strict",
                                                          "exact_match,loose metric higher mean share loose",
                                                          "extraction_failed,strict counter lower mean share strict",
                                                          "extraction_failed,loose counter lower mean share loose",
                                                          "empty_output counter lower mean share",
                                                          "length_limited counter lower mean share",
                                                          "prompt_truncated counter lower mean share"});
            CHECK(described(tasks["squad"]).at(1) == "best_exact metric higher best_exact share");
            CHECK(described(tasks["squad"]).at(2) == "best_f1 metric higher best_f1 share");
            // A grader's value of that name has an ordinary mean.
            CHECK(described(tasks["maths"]).at(1) == "best_f1 metric higher mean share");
            CHECK(described(tasks["maths"]).at(2) == "equal_by_value counter lower mean share");
            CHECK(described(tasks["refusing"]).at(0) == "refusal metric lower mean share");
            CHECK(described(tasks["rolling"]) == Lines{"word_perplexity metric lower word_perplexity exponential",
                                                       "bits_per_byte metric lower bits_per_byte real"});
            CHECK(described(tasks["logged"]) == Lines{"exact_match,a metric higher mean share a",
                                                      "ter metric lower mean real",
                                                      "extraction_failed,a counter lower mean share a"});
            CHECK(tasks["generation"].generation_json == R"({"max_gen_toks":9,"until":["\n"]})");
            CHECK(tasks["logged"].generation_json == R"({"until":["Q:"]})");
            CHECK(tasks["choice"].generation_json.empty());
            CHECK(tasks["continuation"].kind == "continuation");
            CHECK(tasks["rolling"].kind == "rolling");
            for (const auto& named : tasks) {
                const std::string& name = named.first;
                const RunTaskRow& task = named.second;
                CAPTURE(name);
                const bool known = name != "sampled" && name != "logged" && name != "broken" && name != "nested";
                CHECK(task.selection == (known ? "leading" : "sample"));
                CHECK(task.planned_items == 4);
            }
        }
    }

    TEST_CASE("an unreadable definition is replaced by facts from the scores and requests") {
        const Temporary folder;
        fill_old(folder / "a.sqlite", 2);
        const Database database(folder / "a.sqlite", OpenMode::ReadWrite);
        const RunStore store(database);
        std::map<std::string, RunTaskRow> tasks;
        for (RunTaskRow& task : store.tasks(7)) tasks[task.task] = std::move(task);
        CHECK(tasks["renamed"].kind == "generate");
        CHECK(described(tasks["renamed"]).back() == "zzz metric higher mean real");
        CHECK(tasks["broken"].kind == "rolling");
        CHECK(described(tasks["broken"]) == Lines{"word_perplexity metric lower word_perplexity exponential",
                                                  "byte_perplexity metric lower byte_perplexity exponential",
                                                  "bits_per_byte metric lower bits_per_byte real"});
        CHECK(described(tasks["nested"]) == Lines{"acc metric higher mean share"});
    }

    TEST_CASE("scores of older schemas keep their values with their task as scorer") {
        const Temporary folder;
        fill_old(folder / "a.sqlite", 1);
        const Database database(folder / "a.sqlite", OpenMode::ReadWrite);
        const RunStore store(database);
        std::size_t index = 0;
        const std::vector<TaskColumns> columns = ScoreStore(database).columns(7);
        for (const RunTaskRow& task : store.tasks(7)) {
            CAPTURE(task.task);
            const OldTask old = old_tasks().at(index);
            const ItemRow item = store.item(task.id, 1).value();
            REQUIRE(item.scores.size() == old.scores.size());
            for (const auto& [metric, value] : old.scores) {
                const ScoreColumn* column = columns.at(index).find(metric, task.scorer.id);
                REQUIRE(column != nullptr);
                CHECK(column->values.at(0).has_value() == (std::string(value) != "NULL"));
                if (column->values.at(0)) CHECK(*column->values.at(0) == std::stod(value));
            }
            CHECK(item.requests.at(0).context == std::string("\0\xff", 2));
            ++index;
        }
        std::map<std::string, int> kinds;
        for (const ScorerRow& scorer : ScoreStore(database).scorers(7)) ++kinds[scorer.kind];
        CHECK(kinds == std::map<std::string, int>{{"task", 11}, {"import", 1}});
    }

    TEST_CASE("a reader of an older schema sees the same rows and does not change the file") {
        const Temporary folder;
        fill_old(folder / "a.sqlite", 2);
        std::filesystem::copy_file(folder / "a.sqlite", folder / "b.sqlite");
        const std::string before = file_text(folder / "a.sqlite");
        std::vector<ItemRow> read;
        {
            const Database database(folder / "a.sqlite", OpenMode::ReadOnly);
            const RunStore store(database);
            for (const RunTaskRow& task : store.tasks(7)) read.push_back(store.item(task.id, 1).value());
            CHECK(store.runs().size() == 2);
            CHECK(store.shards(8).size() == 1);
            CHECK(store.tasks(7).at(0).metrics.size() == 3);
            CHECK(ScoreStore(database).columns(7).size() == 12);
        }
        CHECK(file_text(folder / "a.sqlite") == before);
        CHECK(std::distance(std::filesystem::directory_iterator(folder / ""), {}) == 2);
        std::vector<ItemRow> migrated;
        {
            const Database database(folder / "b.sqlite", OpenMode::ReadWrite);
            const RunStore store(database);
            for (const RunTaskRow& task : store.tasks(7)) migrated.push_back(store.item(task.id, 1).value());
        }
        CHECK(read == migrated);
        CHECK(file_text(folder / "b.sqlite") != before);
    }

    TEST_CASE("views replace those of another program by the same names and a reader leaves the file alone") {
        const Temporary folder;
        make_old_database(folder / "a.sqlite", 7);
        RawSqlite(folder / "a.sqlite").run("CREATE VIEW v_item AS SELECT 1 AS own");
        const std::string before = file_text(folder / "a.sqlite");
        CHECK(RunStore(Database(folder / "a.sqlite", OpenMode::ReadOnly)).runs().empty());
        CHECK(file_text(folder / "a.sqlite") == before);
        { const Database database(folder / "a.sqlite", OpenMode::ReadWrite); }
        RawSqlite raw(folder / "a.sqlite");
        CHECK(raw.rows("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name") ==
              Lines{"v_item", "v_rating", "v_reward", "v_score"});
        CHECK(raw.rows("SELECT name FROM pragma_table_info('v_item') LIMIT 1") == Lines{"run"});
    }

    TEST_CASE("a file is migrated once and every row still has its parent") {
        const Temporary folder;
        fill_old(folder / "a.sqlite", 1);
        for (int i = 0; i < 2; ++i) const Database database(folder / "a.sqlite", OpenMode::ReadWrite);
        RawSqlite raw(folder / "a.sqlite");
        CHECK(raw.rows("PRAGMA user_version") == Lines{std::to_string(newest_schema())});
        CHECK(raw.rows("PRAGMA foreign_key_check").empty());
        CHECK(raw.rows("PRAGMA integrity_check") == Lines{"ok"});
        CHECK(raw.rows("SELECT count(*) FROM item") == Lines{"12"});
    }
}
