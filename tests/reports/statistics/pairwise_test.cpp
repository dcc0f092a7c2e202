#include "reports/statistics/pairwise.hpp"

#include <doctest/doctest.h>

#include <vector>

using doctest::Approx;
using namespace reports::statistics;

namespace {

/// Pairs of prompts 0, 1, 2, ...
std::vector<JudgedPair> pairs_of(const std::vector<std::pair<double, double>>& orders) {
    std::vector<JudgedPair> pairs;
    pairs.reserve(orders.size());
    for (const auto& [a_first, b_first] : orders) pairs.push_back({pairs.size(), a_first, b_first});
    return pairs;
}

}  // namespace

TEST_SUITE("reports.pairwise") {
    TEST_CASE("a win needs both orders and everything else is a tie") {
        // win, loss, first answer always, tie twice, a then tie, just below and at the limit
        const PairwiseSummary summary =
            pairwise_summary(pairs_of({{1, 0.9}, {0, 0.25}, {1, 0}, {0.5, 0.5}, {1, 0.5}, {0.74, 1}, {0.75, 0.75}}));
        CHECK(summary.wins == 2);
        CHECK(summary.losses == 1);
        CHECK(summary.ties == 4);
        CHECK(summary.win.value == Approx(2.0 / 7));
        CHECK(summary.score.value == Approx(4.0 / 7));
        CHECK(summary.consistent.value == Approx(4.0 / 7));
        CHECK(summary.preference.value == Approx((0.95 + 0.125 + 0.5 + 0.5 + 0.75 + 0.87 + 0.75) / 7));
        CHECK(summary.sign_p.value() == Approx(1));
    }

    TEST_CASE("a judge that always prefers the first answer has a position bias of 1 and no wins") {
        const PairwiseSummary summary = pairwise_summary(pairs_of({{1, 0}, {1, 0}, {1, 0}}));
        CHECK(summary.first.value == 1);
        CHECK(summary.preference.value == 0.5);
        CHECK(summary.ties == 3);
        CHECK(summary.consistent.value == 0);
        // Wilson's interval of 0 of 3 prompts: 1.96^2 / (3 + 1.96^2)
        CHECK(summary.win.ci95.value().low == Approx(0));
        CHECK(summary.win.ci95->high == Approx(0.5615).epsilon(0.001));
    }

    TEST_CASE("swapping the runs swaps wins and losses and keeps the position bias") {
        const auto pairs = pairs_of({{1, 0.8}, {0.9, 0.1}, {0.2, 0.6}, {1, 1}});
        std::vector<JudgedPair> swapped;
        swapped.reserve(pairs.size());
        for (const JudgedPair& pair : pairs) swapped.push_back({pair.prompt, 1 - pair.b_first, 1 - pair.a_first});
        const PairwiseSummary one = pairwise_summary(pairs);
        const PairwiseSummary other = pairwise_summary(swapped);
        CHECK(one.wins == other.losses);
        CHECK(one.losses == other.wins);
        CHECK(one.preference.value == Approx(1 - other.preference.value));
        CHECK(one.first.value == Approx(other.first.value));
    }

    TEST_CASE("pairs of one prompt are one cluster and have no sign test") {
        std::vector<JudgedPair> pairs;
        for (std::size_t prompt = 0; prompt < 30; ++prompt) {
            const double preference = prompt % 3 == 0 ? 0 : 1;
            for (int sample = 0; sample < 4; ++sample) pairs.push_back({prompt, preference, preference});
        }
        const PairwiseSummary clustered = pairwise_summary(pairs);
        std::vector<JudgedPair> alone = pairs;
        for (std::size_t i = 0; i < alone.size(); ++i) alone[i].prompt = i;
        const PairwiseSummary independent = pairwise_summary(alone);
        CHECK(clustered.prompts == 30);
        CHECK_FALSE(clustered.sign_p.has_value());
        CHECK(independent.sign_p.value() < 0.001);  // 80 of 120
        const auto width = [](const BootstrapMean& mean) { return mean.ci95->high - mean.ci95->low; };
        CHECK(width(clustered.win) == Approx(2 * width(independent.win)).epsilon(0.1));  // sqrt(4) as wide
    }
}
