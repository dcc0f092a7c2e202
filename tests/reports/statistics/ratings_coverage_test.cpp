#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <string>

#include "reports/statistics/bradley_terry.hpp"
#include "reports/statistics/counter_random.hpp"

using namespace reports::statistics;

namespace {

constexpr std::array<double, 3> kStrengths = {0.5, -0.1, -0.4};
constexpr double kTie = 0.6;     // Davidson's nu
constexpr double kCopied = 0.5;  // share of prompts whose raters all say the same
constexpr std::size_t kRaters = 3;

/// Win, tie and loss of a vote on two of the variants.
std::array<double, 3> probabilities(std::size_t first, std::size_t second) {
    const double u = (kStrengths[first] - kStrengths[second]) / 2;
    const double sum = std::exp(u) + kTie + std::exp(-u);
    return {std::exp(u) / sum, kTie / sum, std::exp(-u) / sum};
}

/// Three raters judge all pairs of three variants on each prompt. Votes follow Davidson's model, and those of a prompt
/// hang together: on some prompts all raters have the same opinion.
struct SimulatedStudy {
    std::vector<Comparison> votes;
    std::vector<VotedItem> items;  ///< of the first two variants
};

SimulatedStudy simulated(std::uint64_t seed, std::size_t prompts) {
    SimulatedStudy study;
    for (std::uint64_t prompt = 0; prompt < prompts; ++prompt) {
        std::uint64_t used = 0;
        const auto uniform = [&] { return random_unit(random_bits(seed, prompt, used++)); };
        for (const auto& [first, second] : {std::pair<std::size_t, std::size_t>{0, 1}, {1, 2}, {0, 2}}) {
            const std::array<double, 3> p = probabilities(first, second);
            const auto vote = [&](double u) { return u < p[0] ? Vote::Win : u < p[0] + p[1] ? Vote::Tie : Vote::Loss; };
            const bool is_copied = uniform() < kCopied;
            const double common = uniform();
            VotedItem item{.prompt = prompt, .votes = {}};
            for (std::size_t rater = 0; rater < kRaters; ++rater) {
                item.votes.push_back(vote(is_copied ? common : uniform()));
                study.votes.push_back({.first = first, .second = second, .vote = item.votes.back(), .prompt = prompt});
            }
            if (second == 1) study.items.push_back(item);
        }
    }
    return study;
}

/// True shares of the majority: win, tie, loss; the rest has no consensus.
std::array<double, 3> true_majority() {
    std::array<double, 3> result = probabilities(0, 1);
    for (double& p : result) p = kCopied * p + (1 - kCopied) * (3 * p * p * (1 - p) + p * p * p);
    return result;
}

bool holds(const reports::data::Interval& interval, double truth) {
    return interval.low <= truth && truth <= interval.high;
}

}  // namespace

TEST_SUITE("reports.ratings") {
    TEST_CASE("intervals of win rates and strengths cover in simulated studies") {
        const char* wanted = std::getenv("BELLWETHER_SIMULATIONS");
        const std::size_t studies = wanted != nullptr ? std::stoul(wanted) : 100;
        const BootstrapSettings settings{.resamples = wanted != nullptr ? 1000U : 200U};
        const std::size_t prompts = wanted != nullptr ? 150 : 60;
        // Four standard errors of a coverage of .95 from 100 studies are .087.
        const double tolerance = wanted != nullptr ? 0.02 : 0.09;
        const std::array<double, 3> majority = true_majority();
        const std::array<double, 3> single = probabilities(0, 1);
        const double win_rate = majority[0] + (1 - majority[0] - majority[2]) / 2;
        std::array<double, 5> covered = {};  // win, win rate, mean points, bootstrap, sandwich
        for (std::size_t seed = 1; seed <= studies; ++seed) {
            const SimulatedStudy study = simulated(seed, prompts);
            const auto rates = win_tie_loss(study.items, settings);
            REQUIRE(rates);
            covered[0] += holds(rates->win.ci95, majority[0]) ? 1 : 0;
            covered[1] += holds(rates->win_rate.ci95, win_rate) ? 1 : 0;
            covered[2] += holds(rates->mean_points.ci95, single[0] + single[1] / 2) ? 1 : 0;
            const auto model =
                std::get<BradleyTerry>(bradley_terry(kStrengths.size(), study.votes, {.bootstrap = settings}));
            for (std::size_t i = 0; i < kStrengths.size(); ++i) {
                covered[3] += holds(*model.strengths[i].bootstrap95, kStrengths[i]) ? 1.0 / 3 : 0;
                covered[4] += holds(model.strengths[i].sandwich95, kStrengths[i]) ? 1.0 / 3 : 0;
            }
        }
        for (double& each : covered) {
            each /= static_cast<double>(studies);
            CHECK(std::abs(each - 0.95) <= tolerance);
        }
        if (wanted != nullptr)
            MESSAGE("win " << covered[0] << ", win rate " << covered[1] << ", mean points " << covered[2]
                           << ", Bradley-Terry bootstrap " << covered[3] << ", sandwich " << covered[4]);
    }
}
