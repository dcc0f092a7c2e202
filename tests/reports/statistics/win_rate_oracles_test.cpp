#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "reports/statistics/win_rate.hpp"
#include "tests/reports/statistics/agreement_samples.hpp"

using doctest::Approx;
using namespace reports::statistics;

namespace {

/// Votes of people on MT-bench answers of gpt-4 (first) and gpt-3.5-turbo: an item for each question and turn.
std::vector<VotedItem> gpt_votes(const std::string& shared) {
    std::map<std::pair<std::size_t, int>, VotedItem> items;
    std::ifstream file(shared + "/mt-bench-votes/human.jsonl");
    for (std::string line; std::getline(file, line);) {
        const auto vote = nlohmann::json::parse(line);
        const std::string a = vote.at("model_a");
        const std::string b = vote.at("model_b");
        if (std::set<std::string>{a, b} != std::set<std::string>{"gpt-4", "gpt-3.5-turbo"}) continue;
        const bool is_first_better = (vote.at("winner") == "model_a") == (a == "gpt-4");
        VotedItem& item = items[{vote.at("question_id"), vote.at("turn")}];
        item.prompt = vote.at("question_id");
        item.votes.push_back(vote.at("winner") == "tie" ? Vote::Tie : is_first_better ? Vote::Win : Vote::Loss);
    }
    std::vector<VotedItem> result;
    result.reserve(items.size());
    for (const auto& [place, item] : items) result.push_back(item);
    return result;
}

bool near(const reports::data::Interval& interval, double low, double high) {
    return std::abs(interval.low - low) < 0.01 && std::abs(interval.high - high) < 0.01;
}

}  // namespace

TEST_SUITE("reports.win_rate") {
    TEST_CASE("votes of people on MT-bench answers have the rates and intervals of an independent count") {
        const std::string shared = reports_test::shared_data();
        if (shared.empty()) {
            MESSAGE("skipped: the public data sets are not there (BELLWETHER_SHARED)");
            return;
        }
        const auto result = win_tie_loss(gpt_votes(shared));
        REQUIRE(result);
        // Python's collections, 100,000 resamples of questions by NumPy, SciPy's binomtest.
        CHECK(result->items == 130);
        CHECK(result->prompts == 65);
        CHECK(result->ratings == 279);
        CHECK(result->win.part == 52);
        CHECK(result->tie.part == 26);
        CHECK(result->loss.part == 26);
        CHECK(result->no_consensus.part == 26);
        CHECK(result->win_rate.value == Approx(0.6));
        CHECK(result->mean_points.value == Approx(0.6154487));
        CHECK(near(result->win.ci95, 0.3077, 0.4923));
        CHECK(near(result->win_rate.ci95, 0.5308, 0.6654));
        CHECK(near(result->mean_points.ci95, 0.5503, 0.6792));
        CHECK(result->prompts_won == 28);
        CHECK(result->prompts_lost == 11);
        CHECK(result->sign_p == Approx(0.0094753));
    }
}
