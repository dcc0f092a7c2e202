#include "reports/statistics/win_rate.hpp"

#include <doctest/doctest.h>

#include <string>

#include "reports/statistics/majority.hpp"

using doctest::Approx;
using namespace reports::statistics;

namespace {

/// One item a prompt, votes written "WTL".
std::vector<VotedItem> items(const std::vector<std::string>& votes) {
    std::vector<VotedItem> result;
    for (const std::string& of_item : votes) {
        result.push_back({.prompt = result.size(), .votes = {}});
        for (const char vote : of_item)
            result.back().votes.push_back(vote == 'W' ? Vote::Win : vote == 'T' ? Vote::Tie : Vote::Loss);
    }
    return result;
}

constexpr BootstrapSettings kFewer{.resamples = 500};

}  // namespace

TEST_SUITE("reports.win_rate") {
    TEST_CASE("a majority is more than half and never the first of several") {
        CHECK(majority(std::vector<std::size_t>{2, 0, 2}) == 2U);
        CHECK_FALSE(majority(std::vector<std::size_t>{0, 1, 2}));
        CHECK_FALSE(majority(std::vector<std::size_t>{0, 0, 1, 1}));
        CHECK_FALSE(majority(std::vector<std::size_t>{0, 0, 1, 2, 3}));
        CHECK_FALSE(majority({}));
        CHECK(majority(std::vector<std::size_t>{4}) == 4U);
    }

    TEST_CASE("win and tie and loss and no consensus are shares of the items and make 1") {
        const auto result = win_tie_loss(items({"WWL", "WWW", "TTL", "LLT", "WTL", "WTT", "WWT", ""}), kFewer);
        REQUIRE(result);
        CHECK(result->items == 7);
        CHECK(result->ratings == 21);
        CHECK(result->win.value == Approx(3.0 / 7));
        CHECK(result->tie.value == Approx(2.0 / 7));
        CHECK(result->loss.value == Approx(1.0 / 7));
        CHECK(result->no_consensus.value == Approx(1.0 / 7));
        CHECK(result->win_rate.value == Approx((3 + 3 / 2.0) / 7));
        // 2, 3, 1, .5, 1.5, 2 and 2.5 points of 3
        CHECK(result->mean_points.value == Approx(12.5 / 21));
        CHECK_FALSE(win_tie_loss(items({"", ""}), kFewer));
    }

    TEST_CASE("the interval of independent items is near that of the normal distribution") {
        std::vector<std::string> votes;
        for (std::size_t item = 0; item < 400; ++item) votes.push_back(item % 5 < 3 ? "WWW" : "LLL");
        const auto result = win_tie_loss(items(votes), {.resamples = 4000});
        REQUIRE(result);
        // .6 +- 1.96 sqrt(.6 * .4 / 400) = .552 to .648
        CHECK(result->win_rate.ci95.low == Approx(0.552).epsilon(0.01));
        CHECK(result->win_rate.ci95.high == Approx(0.648).epsilon(0.01));
    }

    TEST_CASE("items of one prompt are drawn together and count once in the sign test") {
        std::vector<VotedItem> once = items({"WWW", "LLL", "WWW", "WTW", "LLW", "TTT", "WWW", "WWL"});
        std::vector<VotedItem> tenfold;
        for (const VotedItem& item : once) tenfold.insert(tenfold.end(), 10, item);
        const auto alone = win_tie_loss(once, kFewer);
        const auto many = win_tie_loss(tenfold, kFewer);
        REQUIRE(alone);
        REQUIRE(many);
        CHECK(many->items == 80);
        CHECK(many->prompts == 8);
        CHECK(many->win.ci95.low == Approx(alone->win.ci95.low));
        CHECK(many->win.ci95.high == Approx(alone->win.ci95.high));
        CHECK(many->prompts_won == 5);
        CHECK(many->prompts_lost == 2);
        // 2 (1 + 7 + 21) / 128
        CHECK(many->sign_p == Approx(58.0 / 128));
    }

    TEST_CASE("a prompt whose items are won and lost as often has no sign") {
        std::vector<VotedItem> votes = items({"WWW", "LLL", "WWW"});
        votes[1].prompt = 0;
        const auto result = win_tie_loss(votes, kFewer);
        REQUIRE(result);
        CHECK(result->prompts_won == 1);
        CHECK(result->prompts_lost == 0);
    }

    TEST_CASE("a share of all or none has Wilson's interval of the prompts") {
        const auto result = win_tie_loss(items(std::vector<std::string>(20, "WWW")), kFewer);
        REQUIRE(result);
        CHECK(result->win.ci95.high == 1);
        CHECK(result->win.ci95.low == Approx(0.8389).epsilon(1e-4));  // 20 of 20, statsmodels
        CHECK(result->loss.ci95.high == Approx(0.1611).epsilon(1e-3));
    }

    TEST_CASE("swapping the two variants mirrors every number") {
        const std::vector<std::string> votes = {"WWL", "WTL", "TTL", "LLL", "WWW", "WTW", "LTT", "WLW"};
        std::vector<std::string> swapped = votes;
        for (std::string& of_item : swapped) {
            for (char& vote : of_item) vote = vote == 'W' ? 'L' : vote == 'L' ? 'W' : 'T';
        }
        const auto result = win_tie_loss(items(votes), kFewer);
        const auto mirrored = win_tie_loss(items(swapped), kFewer);
        REQUIRE(result);
        REQUIRE(mirrored);
        CHECK(result->win.value == Approx(mirrored->loss.value));
        CHECK(result->win_rate.value == Approx(1 - mirrored->win_rate.value));
        CHECK(result->win_rate.ci95.low == Approx(1 - mirrored->win_rate.ci95.high));
        CHECK(result->sign_p == mirrored->sign_p);
    }
}
