#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "reports/statistics/bradley_terry.hpp"
#include "reports/statistics/rater_agreement.hpp"
#include "tests/reports/statistics/agreement_samples.hpp"

using doctest::Approx;
using namespace reports::statistics;
using reports_test::cells;
using reports_test::shared_data;

namespace {

constexpr BradleyTerrySettings kPlain{.ridge = 1e-8, .bootstrap = {.resamples = 0}};

/// Rows of a table with a header line.
std::vector<std::vector<std::string>> rows(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    std::vector<std::vector<std::string>> result;
    while (std::getline(file, line)) result.push_back(cells(line, '\t'));
    return result;
}

void add(std::vector<Comparison>& votes, const Comparison& vote, const std::string& times) {
    votes.insert(votes.end(), std::stoul(times), vote);
}

/// Home and away wins of the American League's eastern division in 1987; the home team is first and each row is a
/// cluster.
std::vector<Comparison> baseball(const std::string& shared) {
    const std::map<std::string, std::size_t> teams = {{"Baltimore", 0}, {"Cleveland", 1}, {"Boston", 2},
                                                      {"New York", 3},  {"Toronto", 4},   {"Detroit", 5},
                                                      {"Milwaukee", 6}};
    std::vector<Comparison> votes;
    std::size_t cluster = 0;
    for (const auto& row : rows(shared + "/bradley-terry-oracles/baseball.tsv")) {
        Comparison game{.first = teams.at(row[0]), .second = teams.at(row[1]), .prompt = cluster++, .covariate = 1};
        game.vote = Vote::Win;
        add(votes, game, row[2]);
        game.vote = Vote::Loss;
        add(votes, game, row[3]);
    }
    return votes;
}

/// The strengths are `expected` less their mean, which optimisers without a penalty leave anywhere.
void check(const BradleyTerry& result, const std::vector<double>& expected, double tolerance) {
    REQUIRE(result.strengths.size() == expected.size());
    const double mean = std::accumulate(expected.begin(), expected.end(), 0.0) / static_cast<double>(expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CAPTURE(i);
        CHECK(std::abs(result.strengths[i].value - (expected[i] - mean)) <= tolerance);
    }
}

}  // namespace

TEST_SUITE("reports.bradley_terry") {
    TEST_CASE("baseball teams have Agresti's strengths and home advantage") {
        const std::string shared = shared_data();
        if (shared.empty()) {
            MESSAGE("skipped: the public data sets are not there (BELLWETHER_SHARED)");
            return;
        }
        // Agresti 2002, table 10.11: 0, .68, 1.11, 1.25, 1.29, 1.44, 1.58, here less their mean; home .302.
        const std::vector<Comparison> games = baseball(shared);
        auto result = std::get<BradleyTerry>(bradley_terry(7, games, kPlain));
        const double baltimore = result.strengths[0].value;
        const std::vector<double> published = {0, 0.68, 1.11, 1.25, 1.29, 1.44, 1.58};
        for (std::size_t team = 0; team < published.size(); ++team)
            CHECK(std::abs(result.strengths[team].value - baltimore - published[team]) <= 0.0051);
        const auto at_home = std::get<BradleyTerry>(bradley_terry(
            7, games,
            {.covariate = BradleyTerrySettings::Covariate::Adjusted, .ridge = 1e-8, .bootstrap = {.resamples = 0}}));
        CHECK(std::abs(at_home.covariate->value - 0.302) <= 0.0005);
    }

    TEST_CASE("the sandwich is that of statsmodels") {
        const std::string shared = shared_data();
        if (shared.empty()) {
            MESSAGE("skipped: the public data sets are not there (BELLWETHER_SHARED)");
            return;
        }
        // Logit(...).fit(cov_type="cluster") with Baltimore at 0, carried over to mean 0.
        const std::vector<double> errors = {0.24223202, 0.17932904, 0.24007195, 0.17436072,
                                            0.13838663, 0.21761999, 0.18876415};
        const std::vector<Comparison> games = baseball(shared);
        const auto result = std::get<BradleyTerry>(bradley_terry(7, games, kPlain));
        check(result, {-1.05020254, -0.36634977, 0.05749517, 0.19741531, 0.24428259, 0.3862059, 0.53115334}, 1e-6);
        // statsmodels also multiplies by (n - 1) / (n - k), k = 6 parameters.
        const auto n = static_cast<double>(games.size());
        for (std::size_t team = 0; team < errors.size(); ++team)
            CHECK(result.strengths[team].standard_error * std::sqrt((n - 1) / (n - 6)) ==
                  Approx(errors[team]).epsilon(1e-5));
    }

    TEST_CASE("Springall's comparisons with ties have the strengths of an independent fit") {
        const std::string shared = shared_data();
        if (shared.empty()) {
            MESSAGE("skipped: the public data sets are not there (BELLWETHER_SHARED)");
            return;
        }
        std::vector<Comparison> votes;
        for (const auto& row : rows(shared + "/bradley-terry-oracles/springall.tsv")) {
            Comparison vote{.first = std::stoul(row[0]) - 1, .second = std::stoul(row[1]) - 1};
            for (const auto& [outcome, column] : {std::pair{Vote::Win, 2U}, {Vote::Loss, 3U}, {Vote::Tie, 4U}}) {
                for (std::size_t i = 0; i < std::stoul(row[column]); ++i) {
                    vote.vote = outcome;
                    vote.prompt = votes.size();
                    votes.push_back(vote);
                }
            }
        }
        CHECK(votes.size() == 885);
        // scipy.optimize.minimize of the negative log likelihood, written in NumPy
        const auto result = std::get<BradleyTerry>(bradley_terry(9, votes, kPlain));
        check(result,
              {-1.11331235, 1.15991725, 2.17743752, -0.71570209, 0.78147701, 1.72953496, -2.39477904, -1.11821027,
               -0.50587434},
              1e-5);
        CHECK(*result.log_tie == Approx(-0.14439168).epsilon(1e-4));
    }

    TEST_CASE("votes of people on MT-bench answers have the strengths and the ceiling of an independent count") {
        const std::string shared = shared_data();
        if (shared.empty()) {
            MESSAGE("skipped: the public data sets are not there (BELLWETHER_SHARED)");
            return;
        }
        const std::map<std::string, std::size_t> models = {{"alpaca-13b", 0}, {"claude-v1", 1}, {"gpt-3.5-turbo", 2},
                                                           {"gpt-4", 3},      {"llama-13b", 4}, {"vicuna-13b-v1.2", 5}};
        const std::map<std::string, Vote> winners = {
            {"model_a", Vote::Win}, {"tie", Vote::Tie}, {"model_b", Vote::Loss}};
        std::vector<Comparison> votes;
        std::map<std::vector<std::size_t>, std::vector<std::size_t>> items;
        std::ifstream file(shared + "/mt-bench-votes/human.jsonl");
        for (std::string line; std::getline(file, line);) {
            const auto vote = nlohmann::json::parse(line);
            votes.push_back({.first = models.at(vote.at("model_a")),
                             .second = models.at(vote.at("model_b")),
                             .vote = winners.at(vote.at("winner")),
                             .prompt = vote.at("question_id")});
            const Comparison& read = votes.back();
            const auto choice = static_cast<std::size_t>(read.vote);
            const bool is_swapped = read.second < read.first;
            items[{std::min(read.first, read.second), std::max(read.first, read.second), vote.at("question_id"),
                   vote.at("turn")}]
                .push_back(is_swapped ? 2 - choice : choice);
        }
        const auto result = std::get<BradleyTerry>(bradley_terry(6, votes, {.bootstrap = {.resamples = 0}}));
        check(result, {-1.11178203, 0.94647788, 0.88113565, 1.49745969, -2.13593692, -0.07655153}, 1e-5);
        CHECK(result.prompts == 80);

        Ratings ratings{.scores = {1, 2, 3}, .items = {}};
        for (const auto& [item, choices] : items) {
            ratings.items.emplace_back(choices.begin(), choices.end());
            ratings.items.back().resize(20);
        }
        const auto ceiling = human_ceiling(ratings, {}, {.resamples = 200});
        REQUIRE(ceiling);
        CHECK(ceiling->share.part == 778);  // counted in Python
        CHECK(ceiling->share.whole == 1002);
        CHECK(ceiling->without_majority == 378);
    }
}
