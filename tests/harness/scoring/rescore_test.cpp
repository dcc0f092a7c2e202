#include <doctest/doctest.h>

#include <stdexcept>

#include "harness/scoring/conversation.hpp"
#include "harness/scoring/rescore.hpp"
#include "harness/store/database.hpp"
#include "harness/store/run_store.hpp"
#include "harness/store/score_store.hpp"
#include "tests/harness/scoring/answered.hpp"
#include "tests/harness/store/rows.hpp"
#include "tests/support/temporary.hpp"

using namespace harness;
using namespace harness::scoring;
using namespace harness::store;

namespace {

/// The length of the answer; fails after `limit` answers, as if the process were killed.
class LengthScorer : public Scorer {
public:
    explicit LengthScorer(std::size_t limit = 1000) : limit_(limit) {}

    ScorerRow identity() const override { return {.kind = "reward", .name = "length"}; }
    ValueReading reading() const override { return {}; }

    std::vector<AnswerScores> score(std::span<const StoredAnswer> answers) override {
        std::vector<AnswerScores> scores;
        for (const StoredAnswer& answer : answers) {
            if (++seen == limit_) throw std::runtime_error("killed");
            scores.push_back({{.metric = "reward", .value = static_cast<double>(answer.answer.size())}});
        }
        return scores;
    }

    std::size_t seen = 0;

private:
    std::size_t limit_;
};

/// A run with a task of generations and a task of choices.
struct StoredRun {
    Temporary folder;
    Database database{folder / "a.sqlite", OpenMode::Create};
    RunStore runs{database};
    RunRow run;
    std::int64_t task = 0;

    explicit StoredRun(const std::vector<ItemRow>& items) {
        std::vector<RunTaskRow> tasks = one_task();
        tasks[0].kind = "generate";
        tasks.push_back(tasks[0]);
        tasks[1].task = "choices";
        tasks[1].kind = "choice";
        run = runs.open_run(kModel, plan("abcd1"), tasks);
        task = runs.tasks(run.id).at(0).id;
        runs.add_items(task, items);
        runs.add_items(runs.tasks(run.id).at(1).id, {item(0)});
    }

    std::vector<std::optional<double>> rewards() const {
        const TaskColumns columns = ScoreStore(database).columns(run.id).at(0);
        for (const ScoreColumn& column : columns.columns) {
            if (column.metric == "reward") return column.values;
        }
        return {};
    }
};

}  // namespace

TEST_SUITE("scoring") {
    TEST_CASE("every sample of every answered item is scored") {
        ItemRow failed = answered(1, {});
        failed.error = "too long";
        const StoredRun stored({answered(0, {"yes", "no"}), failed, answered(7, {""})});
        LengthScorer scorer;
        const std::vector<RescoredTask> done = rescore(stored.database, stored.run, scorer);
        REQUIRE(done.size() == 2);
        CHECK(done[0].items == 2);
        CHECK(done[0].scored == 2);
        CHECK(done[0].left_out == "");
        CHECK(done[1].left_out == "its items are choices or log-likelihoods: no written answers");
        CHECK(stored.rewards() == std::vector<std::optional<double>>{2.5, std::nullopt, 0.0});
        const std::vector<ScoreRow> scores = stored.runs.item(stored.task, 0)->later;
        REQUIRE(scores.size() == 2);
        CHECK(scores[0].value == 3.0);
        CHECK(scores[0].position == 0);
        CHECK(scores[1].value == 2.0);
        CHECK(scores[1].position == 1);
    }

    TEST_CASE("answers with a reference answer are scored only where their task is named") {
        ItemRow sum = answered(0, {"4"});
        sum.target = "4";
        const StoredRun sums({sum});
        LengthScorer scorer;
        const RescoredTask left = rescore(sums.database, sums.run, scorer).at(0);
        CHECK(left.left_out == "no conversations: its answers are graded against reference answers");
        CHECK(left.items == 0);
        CHECK(scorer.seen == 0);
        const std::vector<RescoredTask> named = rescore(sums.database, sums.run, scorer, {.tasks = {"t"}});
        CHECK(named.at(0).scored == 1);
        CHECK(named.at(1).left_out == kNotAskedFor);

        // A conversation is scored whether or not somebody wrote what a good answer is.
        sum.document_json = R"({"turns":[{"role":"user","content":"What is 2 + 2?"}]})";
        const StoredRun talk({sum});
        CHECK(rescore(talk.database, talk.run, scorer).at(0).scored == 1);
    }

    TEST_CASE("a call that was killed goes on with the items that have no scores yet") {
        std::vector<ItemRow> items;
        for (std::uint64_t doc = 0; doc < 10; ++doc) items.push_back(answered(doc, {std::string(doc, 'x')}));
        const StoredRun stored(items);
        LengthScorer killed(6);
        CHECK_THROWS_AS(rescore(stored.database, stored.run, killed, {.batch_items = 2}), std::runtime_error);
        LengthScorer second;
        const RescoredTask done = rescore(stored.database, stored.run, second, {.batch_items = 3}).at(0);
        CHECK(done.found == 4);
        CHECK(done.scored == 6);
        CHECK(second.seen == 6);
        const std::vector<std::optional<double>> rewards = stored.rewards();
        for (std::size_t doc = 0; doc < 10; ++doc) CHECK(rewards.at(doc) == static_cast<double>(doc));
    }

    TEST_CASE("items that are scored already are not read again") {
        const StoredRun stored({answered(0, {"a"}), answered(1, {"bb"})});
        LengthScorer killed(2);
        CHECK_THROWS_AS(rescore(stored.database, stored.run, killed, {.batch_items = 1}), std::runtime_error);
        // Reading document 0 now fails.
        stored.database.execute("UPDATE request SET context_tokens = -1 WHERE item = (SELECT min(id) FROM item)");
        CHECK_THROWS_AS(stored.runs.item(stored.task, 0), std::runtime_error);
        LengthScorer second;
        const RescoredTask done = rescore(stored.database, stored.run, second).at(0);
        CHECK(done.items == 2);
        CHECK(done.found == 1);
        CHECK(done.scored == 1);
    }

    TEST_CASE("a scorer with other settings scores the same answers again") {
        class Other : public LengthScorer {
            ScorerRow identity() const override {
                return {.kind = "reward", .name = "length", .settings_json = R"({"layer":3})"};
            }
        };
        const StoredRun stored({answered(0, {"yes"})});
        LengthScorer first;
        Other second;
        rescore(stored.database, stored.run, first);
        CHECK(rescore(stored.database, stored.run, second).at(0).scored == 1);
        CHECK(ScoreStore(stored.database).scorers(stored.run.id).size() == 4);  // of the two tasks, and these
    }

    TEST_CASE("answers that a scorer cannot score are counted with the first reason") {
        class Silent : public LengthScorer {
            std::vector<AnswerScores> score(std::span<const StoredAnswer> answers) override {
                std::vector<AnswerScores> scores;
                for (const StoredAnswer& answer : answers)
                    scores.push_back(
                        {{.metric = "reward", .value = std::nullopt, .explanation = "no value for " + answer.answer}});
                return scores;
            }
        };
        const StoredRun stored({answered(0, {"a"}), answered(1, {"b"})});
        Silent scorer;
        const RescoredTask done = rescore(stored.database, stored.run, scorer).at(0);
        CHECK(done.without_value == 2);
        CHECK(done.first_reason == "no value for a");
        CHECK(stored.rewards() == std::vector<std::optional<double>>{std::nullopt, std::nullopt});
        CHECK(rescore(stored.database, stored.run, scorer).at(0).found == 2);
    }

    TEST_CASE("progress counts the items of a task") {
        const StoredRun stored({answered(0, {"a"}), answered(1, {"b"}), answered(2, {"c"})});
        std::vector<std::uint64_t> counts;
        LengthScorer scorer;
        rescore(stored.database, stored.run, scorer, {.batch_items = 2, .on_progress = [&](const auto& progress) {
                                                          CHECK(progress.items_total == 3);
                                                          counts.push_back(progress.items_done);
                                                      }});
        CHECK(counts == std::vector<std::uint64_t>{2, 3});
    }

    TEST_CASE("a scorer reads the turns of a conversation or the prompt where there are none") {
        ItemRow row = answered(0, {"I am well"});
        row.document_json = R"({"turns":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"},)"
                            R"({"role":"user","content":"How are you?"}],"category":"dialogue"})";
        const StoredAnswer talk = stored_answer(row, 0);
        REQUIRE(talk.turns.size() == 3);
        CHECK(talk.turns[1].role == suites::Role::Assistant);
        CHECK(talk.turns[2].content == "How are you?");
        CHECK(talk.answer == "I am well");
        for (const char* document :
             {"{}", "null", "not JSON", R"({"turns":"Hi"})", R"({"turns":[{"role":"user"}]})", R"({"turns":[]})",
              R"({"turns":[{"role":"assistant","content":"Hello"}]})", R"({"turns":[["user","Hi"]]})"}) {
            CAPTURE(std::string(document));
            row.document_json = document;
            const std::vector<suites::Message> turns = stored_answer(row, 0).turns;
            REQUIRE(turns.size() == 1);
            CHECK(turns[0].content == "Q");
        }
    }
}
