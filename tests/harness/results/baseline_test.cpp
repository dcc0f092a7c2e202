#include "harness/results/baseline.hpp"

#include <doctest/doctest.h>

#include "harness/base/usage_error.hpp"
#include "harness/store/database.hpp"
#include "reports/gate/judge.hpp"
#include "suites/grader.hpp"
#include "tests/harness/store/rows.hpp"

using namespace harness;

namespace {

store::ItemRow answered(std::uint64_t doc, const std::string& prompt, const std::string& output, double score) {
    store::ItemRow row = item(doc);
    row.document_json = "{\"n\":" + std::to_string(doc) + "}";
    row.requests = {{.kind = "generate", .context = prompt, .output = output, .finish = "eos"}};
    row.scores = {{"acc", score}};
    return row;
}

/// A run of three items; the last one has this prompt, output and score.
reports::data::RunView viewed(const std::string& prompt, const std::string& output, double score) {
    store::Database database = store::Database::temporary();
    store::RunStore runs(database);
    const store::RunRow run = runs.open_run(kModel, plan("abcd1"), one_task());
    runs.add_items(runs.tasks(run.id).at(0).id,
                   {answered(0, "p", "o", 1), answered(1, "p", "o", 0.1), answered(2, prompt, output, score)});
    runs.finish_run(run.id, "2026-01-02T03:04:05Z");
    return results::gate_view(runs, runs.find_run("latest"), suites::Catalog(suites::builtin_graders()));
}

std::string complaint(const std::string& text) {
    try {
        results::parse_baseline(text, "b.json");
    } catch (const base::UsageError& error) {
        return error.what();
    }
    return "";
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const std::size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
}

}  // namespace

TEST_SUITE("results.baseline") {
    TEST_CASE("a baseline read again is the run it was written from to the last bit") {
        const reports::data::RunView run = viewed("p", "o", 0.1 + 0.2);
        const std::string text = results::baseline_text(run);
        const reports::data::RunView read = results::parse_baseline(text, "b.json");
        CHECK(results::baseline_text(read) == text);
        CHECK(read.tasks[0].metrics[0].values == run.tasks[0].metrics[0].values);
        CHECK(reports::gate::changed_items(read, run).empty());
        CHECK(reports::gate::exit_code(reports::gate::judge(read, run, {})) == 0);
    }

    TEST_CASE("the hashes tell another question from another answer and another score") {
        const reports::data::RunView before = viewed("p", "o", 1);
        const auto what = [&](const reports::data::RunView& after) {
            const auto changed = reports::gate::changed_items(before, after);
            return changed.size() == 1 ? std::to_string(changed[0].doc) + " " + changed[0].what : "";
        };
        CHECK(what(viewed("q", "o", 1)) == "2 question");
        CHECK(what(viewed("p", "x", 1)) == "2 answer");
        CHECK(what(viewed("p", "o", 0)) == "2 score");
    }

    TEST_CASE("what is wrong in a baseline is named with its place") {
        const std::string text = results::baseline_text(viewed("p", "o", 1));
        CHECK(complaint("[]").find("b.json: is not a baseline") == 0);
        CHECK(complaint(text.substr(0, text.size() / 2)).starts_with("b.json"));
        CHECK(complaint(replaced(text, "\"baseline\": 1", "\"baseline\": 9")).find("of another format") !=
              std::string::npos);
        CHECK(complaint(replaced(text, "\"fewshot\": 2", "\"fewshot\": -2")) ==
              "b.json: tasks[0].fewshot: expected a whole number");
        CHECK(complaint(replaced(text, "\"0 ", "\"0  ")).find("tasks[0].items[0]: expected 6 words") !=
              std::string::npos);
        CHECK(complaint(replaced(text, "\"1 ", "\"1x ")).find("tasks[0].items[1]: '1x' is not a number") !=
              std::string::npos);
        CHECK(complaint(replaced(text, " 0.1\"", " nan\"")).find("'nan' is not a score") != std::string::npos);
    }
}
