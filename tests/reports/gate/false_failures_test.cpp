// How often gates fail although nothing dropped by more than the margin, and catch what did.

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <functional>
#include <random>

#include "reports/gate/judge.hpp"
#include "tests/reports/gate/gate_samples.hpp"
#include "tests/reports/sections/rating_samples.hpp"

using namespace reports_test;
using reports::data::GateRule;

namespace {

std::size_t gate_simulations() {
    const char* wanted = std::getenv("BELLWETHER_SIMULATIONS");
    return wanted == nullptr ? 1000 : std::strtoull(wanted, nullptr, 10);
}

/// Share of the simulated gates that fail.
double failing_share(const std::function<reports::data::GateVerdict(std::mt19937_64&)>& gate) {
    std::mt19937_64 random(11);
    std::size_t failed = 0;
    for (std::size_t i = 0; i < gate_simulations(); ++i) failed += reports::gate::exit_code(gate(random)) == 1 ? 1 : 0;
    return static_cast<double>(failed) / static_cast<double>(gate_simulations());
}

/// Three standard errors of a share of .05.
double slack() {
    return 3 * std::sqrt(0.05 * 0.95 / static_cast<double>(gate_simulations()));
}

reports::data::RunView run_of_plan(std::int64_t id, const std::string& plan) {
    auto view = gate_run(id, {});
    view.plan = plan;
    return view;
}

/// A study of 150 prompts and three raters, who agree for the most part.
reports::data::GateVerdict rated_gate(std::mt19937_64& random, double win, double loss, double margin) {
    std::uniform_real_distribution<double> uniform;
    std::vector<std::string> values;
    for (int prompt = 0; prompt < 150; ++prompt) {
        const double at = uniform(random);
        const char most = at < win ? '2' : at < win + loss ? '6' : '4';
        values.push_back({most, most, static_cast<char>('1' + random() % 7)});
    }
    auto study = pairwise_study(values);
    study.plans = {"new", "old"};
    GateRule rule{.suite = "people", .margin = margin};
    rule.kind = reports::data::RuleKind::Ratings;
    return reports::gate::judge(run_of_plan(1, "old"), run_of_plan(2, "new"), {.rules = {rule}}, {study});
}

/// 60 documents of skewed lengths, of which a word loses `drop` nats on average.
reports::data::GateVerdict perplexity_gate(std::mt19937_64& random, double drop, double margin) {
    std::lognormal_distribution<double> length(5, 0.8);
    std::normal_distribution<double> noise;
    Values before;
    Values after;
    std::vector<double> words;
    for (int document = 0; document < 60; ++document) {
        words.push_back(std::ceil(length(random)));
        before.push_back(2.5 + 0.4 * noise(random));
        after.push_back(*before.back() + drop + 0.2 * noise(random) / std::sqrt(words.back()));
    }
    const auto task = [&](const Values& values) {
        auto view = gate_task("text", values);
        view.metrics[0].higher_is_better = false;
        view.metrics[0].scale = reports::data::Scale::Exponential;
        view.metrics[0].weights = words;
        return view;
    };
    return reports::gate::judge(
        gate_run(1, {task(before)}), gate_run(2, {task(after)}),
        {.rules = {{.suite = "text", .margin = margin, .unit = reports::data::MarginUnit::Relative}}});
}

/// Five repeats of 200 items, of which `worse` lose a tenth of their correct answers.
reports::data::GateVerdict repeated_gate(std::mt19937_64& random, std::size_t worse) {
    std::uniform_real_distribution<double> uniform;
    const Values before = right(140, 200);
    auto run = gate_task("a", before);
    for (std::size_t repeat = 0; repeat < 5; ++repeat) {
        Values values = before;
        for (auto& value : values) {
            if (uniform(random) < 0.1) value = uniform(random) < (repeat < worse ? 0.2 : 0.7) ? 1.0 : 0.0;
        }
        run.metrics[0].repeats.push_back(values);
    }
    for (std::size_t item = 0; item < before.size(); ++item) {
        double sum = 0;
        for (const Values& values : run.metrics[0].repeats) sum += *values[item];
        run.metrics[0].values[item] = sum / 5;
    }
    GateRule rule{.suite = "a"};
    rule.min_pass_share = 0.8;
    return reports::gate::judge(gate_run(1, {gate_task("a", before)}), gate_run(2, {run}), {.rules = {rule}});
}

}  // namespace

TEST_SUITE("gate.false_failures") {
    TEST_CASE("a win rate of one half fails no more often than the level and one at the margin neither") {
        CHECK(failing_share([](auto& random) { return rated_gate(random, 0.4, 0.4, 0); }) <= 0.05 + slack());
        // A win rate of .45 with a margin of .05.
        CHECK(failing_share([](auto& random) { return rated_gate(random, 0.35, 0.45, 0.05); }) <= 0.05 + slack());
        CHECK(failing_share([](auto& random) { return rated_gate(random, 0.2, 0.6, 0.05); }) > 0.9);
    }

    TEST_CASE("an unchanged perplexity fails no more often than the level and one at the margin neither") {
        CHECK(failing_share([](auto& random) { return perplexity_gate(random, 0, 0); }) <= 0.05 + slack());
        CHECK(failing_share([](auto& random) { return perplexity_gate(random, std::log(1.01), 0.01); }) <=
              0.05 + slack());
        CHECK(failing_share([](auto& random) { return perplexity_gate(random, std::log(1.02), 0.01); }) > 0.9);
    }

    TEST_CASE("repeats of an unchanged run fail no more often than the level") {
        CHECK(failing_share([](auto& random) { return repeated_gate(random, 0); }) <= 0.05 + slack());
        CHECK(failing_share([](auto& random) { return repeated_gate(random, 5); }) > 0.9);
    }
}
