#include <doctest/doctest.h>

#include <cmath>

#include "harness/scoring/distil.hpp"
#include "harness/store/database.hpp"
#include "harness/store/run_store.hpp"
#include "tests/harness/scoring/answered.hpp"
#include "tests/harness/store/rows.hpp"

using namespace harness;
using namespace harness::scoring;
using namespace harness::store;

namespace {

/// The number that an answer begins with; none for another answer.
class NumberScorer final : public Scorer {
public:
    ScorerRow identity() const override { return {.kind = "reward", .name = "number"}; }
    ValueReading reading() const override { return {}; }
    std::vector<AnswerScores> score(std::span<const StoredAnswer> answers) override {
        std::vector<AnswerScores> scores;
        for (const StoredAnswer& answer : answers) {
            const bool is_number = !answer.answer.empty() && answer.answer[0] >= '0' && answer.answer[0] <= '9';
            scores.push_back({{.metric = "reward",
                               .value = is_number ? std::optional(std::stod(answer.answer)) : std::nullopt,
                               .explanation = ""}});
        }
        return scores;
    }
};

/// An item with a question and its answer.
ItemRow asked(std::uint64_t doc, const std::string& answer) {
    ItemRow row = answered(doc, {answer});
    row.document_json = R"({"turns":[{"role":"user","content":"Q)" + std::to_string(doc) + "\"}]}";
    return row;
}

}  // namespace

TEST_SUITE("scoring.distil") {
    TEST_CASE("a preprompted answer is taken only where its reward is higher") {
        const Database database = Database::temporary();
        RunStore runs(database);
        std::vector<RunTaskRow> tasks = one_task();
        tasks[0].kind = "generate";
        const RunRow plain = runs.open_run(kModel, plan("aaaa1"), tasks);
        const RunRow preprompted = runs.open_run(kModel, plan("bbbb1"), tasks);
        const auto add = [&](const RunRow& run, const std::vector<std::string>& answers) {
            std::vector<ItemRow> items;
            items.reserve(answers.size());
            for (const std::string& answer : answers) items.push_back(asked(items.size(), answer));
            runs.add_items(runs.tasks(run.id).at(0).id, items);
        };
        add(plain, {"1 sure", "3 sure", "2 sure", "none"});
        add(preprompted, {"2 I cannot help with that.", "1 I cannot help with that.", "2 well", "9 well"});
        NumberScorer reward;
        const auto distilled =
            distil(database, plain, preprompted, reward, [](const std::string&, std::uint64_t, std::uint64_t) {});
        REQUIRE(distilled.size() == 1);
        CHECK(distilled[0].without_reward == 1);
        REQUIRE(distilled[0].answers.size() == 3);
        CHECK(distilled[0].answers[0].takes_preprompted());
        CHECK_FALSE(distilled[0].answers[1].takes_preprompted());
        CHECK_FALSE(distilled[0].answers[2].takes_preprompted());  // equal rewards: the answer stays
        CHECK(distilled[0].answers[0].turns.at(0).content == "Q0");

        const DistilSummary summary = summarise(distilled[0].answers);
        CHECK(summary.pairs == 3);
        CHECK(summary.taken.value == doctest::Approx(1.0 / 3));
        CHECK(summary.plain.reward.value == doctest::Approx(2));
        CHECK(summary.preprompted.reward.value == doctest::Approx(5.0 / 3));
        CHECK(summary.distilled.reward.value == doctest::Approx(7.0 / 3));
        CHECK(summary.reward_shift.value == doctest::Approx(1.0 / 3));
        CHECK(summary.preprompt_shift.value == doctest::Approx(-1.0 / 3));
        CHECK(summary.refusal_shift.value == doctest::Approx(1.0 / 3));
        CHECK(summary.plain.refusals.value == 0);
        CHECK(summary.preprompted.refusals.value == doctest::Approx(2.0 / 3));
        CHECK(summary.plain.median_probability == doctest::Approx(1 / (1 + std::exp(-2.0))));
    }
}
