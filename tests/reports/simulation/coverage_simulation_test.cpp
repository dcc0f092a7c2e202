// Coverage of the intervals that reports print, of simulated scores.

#include <doctest/doctest.h>

#include <algorithm>

#include "reports/statistics/clustered_mean.hpp"
#include "reports/statistics/metric_interval.hpp"
#include "reports/statistics/newcombe.hpp"
#include "reports/statistics/paired.hpp"
#include "tests/reports/simulation/simulated.hpp"

using namespace reports_test;
using reports::data::Interval;
using reports::data::ItemValues;
using reports::data::MetricValues;

namespace {

using Random = std::mt19937_64;

/// Scores of one simulated run, their clusters (empty: none) and the mean that they were drawn from. Filled again by
/// each repetition, so that nothing is allocated.
struct SimulatedScores {
    ItemValues values = {};
    std::vector<std::size_t> cluster_of = {};
    double truth = 0;

    void clear() {
        values.clear();
        cluster_of.clear();
    }
};

double uniform(Random& random) {
    return std::uniform_real_distribution<double>(0, 1)(random);
}

double beta(Random& random, double a, double b) {
    const double x = std::gamma_distribution<double>(a)(random);
    const double y = std::gamma_distribution<double>(b)(random);
    return x / (x + y);
}

/// Passages share 1 to 9 questions, all sizes alike often.
std::size_t size_of_passage(Random& random) {
    return 1 + random() % 9;
}

/// Most subjects have 1 to 5 questions, the largest about 40.
std::size_t unequal_size(Random& random) {
    return 1 + static_cast<std::size_t>(std::exponential_distribution<double>(1.0 / 8)(random));
}

/// Right or wrong, at a rate of .1 to .9.
void draw_binary(Random& random, std::size_t items, SimulatedScores& scores) {
    scores.truth = 0.1 + 0.8 * uniform(random);
    for (std::size_t i = 0; i < items; ++i) scores.values.emplace_back(uniform(random) < scores.truth ? 1.0 : 0.0);
}

/// Right or wrong; the rate of a cluster is drawn from a beta distribution, so that its items have a correlation.
template <std::size_t (*size_of)(Random&)>
void draw_clustered(Random& random, std::size_t items, SimulatedScores& scores, double correlation) {
    scores.truth = 0.2 + 0.6 * uniform(random);
    const double sum = 1 / correlation - 1;
    for (std::size_t cluster = 0; scores.values.size() < items; ++cluster) {
        const double rate = beta(random, scores.truth * sum, (1 - scores.truth) * sum);
        const std::size_t size = std::min(size_of(random), items - scores.values.size());
        for (std::size_t i = 0; i < size; ++i) scores.values.emplace_back(uniform(random) < rate ? 1.0 : 0.0);
        scores.cluster_of.insert(scores.cluster_of.end(), size, cluster);
    }
}

void draw_passages(Random& random, std::size_t items, SimulatedScores& scores) {
    draw_clustered<size_of_passage>(random, items, scores, 0.3);
}

void draw_unequal(Random& random, std::size_t items, SimulatedScores& scores) {
    draw_clustered<unequal_size>(random, items, scores, 0.3);
}

/// As F1 of short answers: half are 0, the others skewed to 1.
void draw_skewed(Random& random, std::size_t items, SimulatedScores& scores) {
    scores.truth = 0.5 * 0.8;
    for (std::size_t i = 0; i < items; ++i)
        scores.values.emplace_back(uniform(random) < 0.5 ? 0.0 : beta(random, 2, 0.5));
}

/// As log-probabilities or lengths: exponential, without an upper limit.
void draw_exponential(Random& random, std::size_t items, SimulatedScores& scores) {
    scores.truth = 5;
    for (std::size_t i = 0; i < items; ++i)
        scores.values.emplace_back(std::exponential_distribution<double>(0.2)(random));
}

/// Lengths with a longer tail: the logarithm has the standard deviation .5 or 1.
template <int tenths>
void draw_log_normal(Random& random, std::size_t items, SimulatedScores& scores) {
    constexpr double kSigma = tenths / 10.0;
    scores.truth = std::exp(kSigma * kSigma / 2);
    std::lognormal_distribution<double> distribution(0, kSigma);
    for (std::size_t i = 0; i < items; ++i) scores.values.emplace_back(distribution(random));
}

/// As rewards.
void draw_normal(Random& random, std::size_t items, SimulatedScores& scores) {
    scores.truth = 0.3;
    std::normal_distribution<double> distribution(0.3, 2);
    for (std::size_t i = 0; i < items; ++i) scores.values.emplace_back(distribution(random));
}

/// Symmetric with heavy tails: Student's t of 5 degrees of freedom.
void draw_heavy_tailed(Random& random, std::size_t items, SimulatedScores& scores) {
    scores.truth = 0;
    std::student_t_distribution<double> distribution(5);
    for (std::size_t i = 0; i < items; ++i) scores.values.emplace_back(distribution(random));
}

/// As the harness fills it: mean and standard error, over clusters where there are any.
MetricValues metric_of_scores(SimulatedScores& scores, std::vector<double>& values) {
    MetricValues metric{.name = "simulated", .values = {}};
    values.clear();
    for (const auto& value : scores.values) values.push_back(*value);
    metric.values = std::move(scores.values);
    const auto mean = reports::statistics::clustered_mean(values, scores.cluster_of);
    metric.value = mean->mean;
    metric.standard_error = mean->standard_error.value_or(0);
    if (!scores.cluster_of.empty()) {
        metric.clusters = mean->clusters;
        metric.degrees_of_freedom = mean->degrees_of_freedom;
        metric.skewness = mean->skewness;
    }
    return metric;
}

bool covers(const std::optional<Interval>& interval, double truth) {
    return interval && interval->low <= truth && truth <= interval->high;
}

using Draw = void (*)(Random&, std::size_t, SimulatedScores&);

struct Coverage {
    double share = 0;
    double too_skewed = 0;  ///< share of the repetitions that reports warn of
};

template <Draw draw>
Coverage coverage_of_scores(std::size_t items, std::size_t repetitions) {
    Random random(17);
    SimulatedScores scores;
    std::vector<double> values;
    std::size_t covered = 0;
    std::size_t warned = 0;
    for (std::size_t repetition = 0; repetition < repetitions; ++repetition) {
        scores.clear();
        draw(random, items, scores);
        MetricValues metric = metric_of_scores(scores, values);
        covered += covers(reports::statistics::metric95(metric, items), scores.truth) ? 1 : 0;
        warned += reports::statistics::is_too_skewed(metric) ? 1 : 0;
        scores.values = std::move(metric.values);
    }
    const auto all = static_cast<double>(repetitions);
    return {static_cast<double>(covered) / all, static_cast<double>(warned) / all};
}

/// Two runs over passages: on each passage the second run changes by an amount of its own. The mean of the changes is
/// .02; a passage changes all of its scores alike with the given chance.
Coverage coverage_of_clustered_pairs(std::size_t items, std::size_t repetitions, double chance_alike) {
    Random random(19);
    std::size_t covered = 0;
    ItemValues before;
    ItemValues after;
    std::vector<std::size_t> cluster_of;
    for (std::size_t repetition = 0; repetition < repetitions; ++repetition) {
        before.clear();
        after.clear();
        cluster_of.clear();
        for (std::size_t cluster = 0; before.size() < items; ++cluster) {
            const bool alike = uniform(random) < chance_alike;
            const double common = uniform(random);
            const std::size_t size = std::min(size_of_passage(random), items - before.size());
            for (std::size_t i = 0; i < size; ++i) {
                const double drawn = alike ? common : uniform(random);
                const double change = drawn < 0.14 ? -1 : drawn > 1 - 0.16 ? 1 : 0;
                const bool right = change == 0 ? uniform(random) < 0.6 : change < 0;
                before.emplace_back(right ? 1.0 : 0.0);
                after.emplace_back(*before.back() + change);
                cluster_of.push_back(cluster);
            }
        }
        const auto paired = reports::statistics::compare_paired(before, after, cluster_of);
        covered += covers(paired->ci95, 0.02) ? 1 : 0;
    }
    return {static_cast<double>(covered) / static_cast<double>(repetitions)};
}

Coverage coverage_of_pairs_changing_alike(std::size_t items, std::size_t repetitions) {
    return coverage_of_clustered_pairs(items, repetitions, 1.0 / 3);
}

Coverage coverage_of_pairs_in_passages(std::size_t items, std::size_t repetitions) {
    return coverage_of_clustered_pairs(items, repetitions, 0);
}

Coverage coverage_of_pairs(std::size_t items, std::size_t repetitions) {
    Random random(23);
    std::size_t covered = 0;
    for (std::size_t repetition = 0; repetition < repetitions; ++repetition) {
        const PairsChanged changed = changed_pairs(random, items, 0.2, 0.02);
        ItemValues before(items, 1.0);
        ItemValues after(items, 1.0);
        for (std::size_t i = 0; i < changed.better; ++i) before[i] = 0;
        for (std::size_t i = 0; i < changed.worse; ++i) after[changed.better + i] = 0;
        covered += covers(reports::statistics::compare_paired(before, after)->ci95, -0.02) ? 1 : 0;
    }
    return {static_cast<double>(covered) / static_cast<double>(repetitions)};
}

/// Perplexities of documents of skewed lengths: the exponential of the mean log-likelihood of a word, whose error is
/// that of the ratio of sums by the delta method, as the harness computes it.
Coverage coverage_of_perplexities(std::size_t items, std::size_t repetitions) {
    Random random(29);
    std::lognormal_distribution<double> length(5, 0.8);
    std::normal_distribution<double> normal;
    std::vector<double> words(items);
    std::vector<double> logs(items);
    std::size_t covered = 0;
    for (std::size_t repetition = 0; repetition < repetitions; ++repetition) {
        double all_words = 0;
        double sum = 0;
        for (std::size_t i = 0; i < items; ++i) {
            words[i] = std::ceil(length(random));
            logs[i] = words[i] * (2.5 + 0.4 * normal(random) + normal(random) / std::sqrt(words[i]));
            all_words += words[i];
            sum += logs[i];
        }
        const double mean = sum / all_words;
        double squares = 0;
        for (std::size_t i = 0; i < items; ++i) squares += std::pow(logs[i] - mean * words[i], 2);
        const auto n = static_cast<double>(items);
        MetricValues metric{.name = "perplexity", .value = std::exp(mean), .values = {}, .scored = items};
        metric.standard_error = metric.value * std::sqrt(n / (n - 1) * squares) / all_words;
        metric.scale = reports::data::Scale::Exponential;
        covered += covers(reports::statistics::metric95(metric, items), std::exp(2.5)) ? 1 : 0;
    }
    return {static_cast<double>(covered) / static_cast<double>(repetitions)};
}

struct Cell {
    const char* what;
    Coverage (*coverage)(std::size_t items, std::size_t repetitions);
    /// Limits of the coverage with fewer than 100 items, and with 100 or more: reports/README.md gives the reasons of
    /// those that are not 94 to 96 %.
    double lowest_of_few = 0.94;
    double lowest = 0.94;
    double highest_of_few = 0.96;
    double highest = 0.96;
};

constexpr Cell kCells[] = {
    {"right or wrong", coverage_of_scores<draw_binary>},
    {"right or wrong in passages", coverage_of_scores<draw_passages>},
    {"right or wrong in clusters of unequal sizes", coverage_of_scores<draw_unequal>, 0.93},
    {"skewed within 0 to 1", coverage_of_scores<draw_skewed>},
    {"normal", coverage_of_scores<draw_normal>},
    {"symmetric with heavy tails", coverage_of_scores<draw_heavy_tailed>, 0.93},
    {"exponential", coverage_of_scores<draw_exponential>},
    {"log-normal, sigma .5", coverage_of_scores<draw_log_normal<5>>},
    {"log-normal, sigma 1", coverage_of_scores<draw_log_normal<10>>, 0.91, 0.93},
    {"perplexity", coverage_of_perplexities, 0.92},
    {"pairs", coverage_of_pairs},
    {"pairs in passages", coverage_of_pairs_in_passages},
    {"pairs in passages that change as a whole", coverage_of_pairs_changing_alike, 0.94, 0.94, 0.99, 0.97},
};

void check_coverage(const Cell& cell, std::size_t items, std::size_t repetitions) {
    const Coverage coverage = cell.coverage(items, repetitions);
    const bool few = items < 100;
    CAPTURE(std::string(cell.what));
    CAPTURE(items);
    CHECK(coverage.share >= (few ? cell.lowest_of_few : cell.lowest) - four_errors(0.05, repetitions));
    CHECK(coverage.share <= (few ? cell.highest_of_few : cell.highest) + four_errors(0.05, repetitions));
    if (figures_wanted())
        MESSAGE("coverage: " << std::string(cell.what) << ", " << items << " items: " << coverage.share
                             << ", too skewed " << coverage.too_skewed);
}

}  // namespace

TEST_SUITE("reports.simulation") {
    TEST_CASE("nominal 95 % intervals cover 94 to 96 % of simulated runs") {
        for (const Cell& cell : kCells) {
            for (const std::size_t items : {30UL, 100UL, 300UL, 1319UL, 14000UL})
                check_coverage(cell, items, simulations(items > 2000 ? 40 : 300));
        }
    }

    TEST_CASE("pairing finds a drop at p .008 that two separate runs show at p .080") {
        // evaluation-harness discussions tell of such a case: here 800 items, 400 right before, of which 100 are lost
        // and 65 others gained. scipy: binomtest(65, 165) has p .00793, the pooled test of two proportions p .0798.
        constexpr std::size_t kItems = 800;
        ItemValues before(kItems, 0.0);
        ItemValues after(kItems, 0.0);
        for (std::size_t i = 0; i < 400; ++i) before[i] = 1.0;
        for (std::size_t i = 100; i < 465; ++i) after[i] = 1.0;
        const auto paired = reports::statistics::compare_paired(before, after);
        REQUIRE(paired);
        CHECK(paired->difference == doctest::Approx(-35.0 / 800));
        CHECK(*paired->mcnemar_p == doctest::Approx(0.007929770979503026));
        CHECK(reports::statistics::outcome_of(*paired) == reports::statistics::Outcome::Below);
        const double pooled = (400.0 + 365.0) / (2 * kItems);
        const double z = (400.0 - 365.0) / kItems / std::sqrt(2 * pooled * (1 - pooled) / kItems);
        CHECK(std::erfc(z / std::sqrt(2.0)) == doctest::Approx(0.07982932733075197));
        const Interval unpaired = reports::statistics::newcombe95(365, kItems, 400, kItems);
        CHECK(unpaired.low < 0);
        CHECK(unpaired.high > 0);
    }
}
