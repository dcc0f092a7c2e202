#include "reports/statistics/bradley_terry.hpp"

#include <doctest/doctest.h>

#include <cmath>

using doctest::Approx;
using namespace reports::statistics;

namespace {

constexpr BradleyTerrySettings kNoBootstrap{.bootstrap = {.resamples = 0}};

/// `times` votes, each of a prompt of its own.
void add(std::vector<Comparison>& votes, std::size_t first, std::size_t second, Vote vote, std::size_t times) {
    for (std::size_t i = 0; i < times; ++i)
        votes.push_back({.first = first, .second = second, .vote = vote, .prompt = votes.size()});
}

BradleyTerry strengths(std::size_t variants, const std::vector<Comparison>& votes,
                       const BradleyTerrySettings& settings = kNoBootstrap) {
    return std::get<BradleyTerry>(bradley_terry(variants, votes, settings));
}

double elo(const Fitted& strength) {
    return strength.value * kRatingScale;
}

}  // namespace

TEST_SUITE("reports.bradley_terry") {
    TEST_CASE("two variants have the log odds of their votes") {
        std::vector<Comparison> votes;
        add(votes, 0, 1, Vote::Win, 300);
        add(votes, 0, 1, Vote::Loss, 100);
        const BradleyTerry result = strengths(2, votes);
        CHECK(result.strengths[0].value - result.strengths[1].value == Approx(std::log(3)).epsilon(1e-3));
        CHECK(elo(result.strengths[0]) - elo(result.strengths[1]) == Approx(190.8).epsilon(1e-3));
        // error of the log odds sqrt(1 / 300 + 1 / 100), halved for each of two strengths of mean 0, C / (C - 1)
        const double error = std::sqrt(1.0 / 300 + 1.0 / 100) / 2 * std::sqrt(400.0 / 399);
        CHECK(result.strengths[0].standard_error == Approx(error).epsilon(1e-3));
        CHECK_FALSE(result.log_tie);
        CHECK_FALSE(result.is_separated);
    }

    TEST_CASE("two variants with ties have Davidson's estimates") {
        std::vector<Comparison> votes;
        add(votes, 0, 1, Vote::Win, 200);
        add(votes, 0, 1, Vote::Tie, 100);
        add(votes, 1, 0, Vote::Win, 50);
        const BradleyTerry result = strengths(2, votes);
        // win / loss = 4, tie / sqrt(win loss) = 1
        CHECK(result.strengths[0].value - result.strengths[1].value == Approx(std::log(4)).epsilon(1e-3));
        CHECK(*result.log_tie == Approx(0).epsilon(1e-3));
    }

    TEST_CASE("the bootstrap and the sandwich agree where votes are independent") {
        std::vector<Comparison> votes;
        add(votes, 0, 1, Vote::Win, 60);
        add(votes, 0, 1, Vote::Tie, 30);
        add(votes, 0, 1, Vote::Loss, 40);
        add(votes, 1, 2, Vote::Win, 70);
        add(votes, 1, 2, Vote::Loss, 50);
        add(votes, 2, 0, Vote::Win, 45);
        add(votes, 2, 0, Vote::Loss, 65);
        const BradleyTerry result = strengths(3, votes, {.bootstrap = {.resamples = 1000}});
        double sum = 0;
        for (const Fitted& strength : result.strengths) {
            REQUIRE(strength.bootstrap95);
            CHECK(strength.bootstrap95->low == Approx(strength.sandwich95.low).epsilon(0.1));
            CHECK(strength.bootstrap95->high == Approx(strength.sandwich95.high).epsilon(0.1));
            sum += strength.value;
        }
        CHECK(sum == Approx(0));
    }

    TEST_CASE("votes of one prompt are no more than one") {
        std::vector<Comparison> votes;
        add(votes, 0, 1, Vote::Win, 30);
        add(votes, 0, 1, Vote::Loss, 20);
        std::vector<Comparison> tenfold;
        for (const Comparison& vote : votes) tenfold.insert(tenfold.end(), 10, vote);
        // The ridge weighs less with more votes.
        BradleyTerrySettings settings{.ridge = 1e-8, .bootstrap = {.resamples = 300}};
        const Fitted once = strengths(2, votes, settings).strengths[0];
        const Fitted many = strengths(2, tenfold, settings).strengths[0];
        CHECK(many.value == Approx(once.value));
        CHECK(many.standard_error == Approx(once.standard_error));
        CHECK(many.bootstrap95->low == Approx(once.bootstrap95->low));
    }

    TEST_CASE("variants that were never compared have groups and no strengths") {
        std::vector<Comparison> votes;
        add(votes, 0, 3, Vote::Win, 5);
        add(votes, 1, 2, Vote::Loss, 5);
        add(votes, 2, 4, Vote::Tie, 5);
        const auto result = bradley_terry(5, votes, kNoBootstrap);
        REQUIRE(std::holds_alternative<NotConnected>(result));
        CHECK(std::get<NotConnected>(result).groups == std::vector<std::vector<std::size_t>>{{1, 2, 4}, {0, 3}});
    }

    TEST_CASE("a variant that never lost has a finite strength and is told apart") {
        std::vector<Comparison> votes;
        add(votes, 0, 1, Vote::Win, 20);
        add(votes, 1, 2, Vote::Win, 20);
        add(votes, 1, 2, Vote::Loss, 20);
        const BradleyTerry result = strengths(3, votes);
        CHECK(result.is_separated);
        CHECK(result.strengths[0].value > 2);
        CHECK(result.strengths[0].value < 10);
        CHECK(std::isfinite(result.strengths[0].standard_error));
    }

    TEST_CASE("a preference for long answers is taken out of the adjusted strengths") {
        // Variant 0 is as good as 1, but longer: votes follow length alone, 3 to 1.
        std::vector<Comparison> votes;
        const auto longer = [&votes](double covariate, Vote vote, std::size_t times) {
            add(votes, 0, 1, vote, times);
            for (std::size_t i = votes.size() - times; i < votes.size(); ++i) votes[i].covariate = covariate;
        };
        longer(1, Vote::Win, 225);
        longer(1, Vote::Loss, 75);
        longer(-1, Vote::Win, 25);
        longer(-1, Vote::Loss, 75);
        const BradleyTerry raw = strengths(2, votes);
        const BradleyTerry adjusted = strengths(2, votes, {.covariate = BradleyTerrySettings::Covariate::Adjusted});
        CHECK(raw.strengths[0].value - raw.strengths[1].value == Approx(std::log(250.0 / 150)).epsilon(1e-2));
        CHECK(adjusted.strengths[0].value == Approx(0).epsilon(1e-3));
        REQUIRE(adjusted.covariate);
        CHECK(adjusted.covariate->value == Approx(std::log(3)).epsilon(1e-2));
        CHECK(adjusted.covariate->sandwich95.low > 0);
    }

    TEST_CASE("length differences are shares of the lengths and scaled together") {
        const auto covariates = length_covariates({{300, 100}, {100, 300}, {0, 0}, {50, 50}});
        // .5, -.5, 0, 0; root mean square .3536
        CHECK(covariates[0] == Approx(std::sqrt(2)));
        CHECK(covariates[1] == Approx(-std::sqrt(2)));
        CHECK(covariates[2] == 0);
        CHECK(length_covariates({{5, 5}}) == std::vector<double>{0});
        CHECK(length_covariates({}).empty());
    }
}
