#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <sstream>

#include "reports/formats/gate.hpp"
#include "reports/gate/judge.hpp"
#include "reports/gate/tables.hpp"
#include "tests/reports/gate/gate_samples.hpp"
#include "tests/reports/sections/rating_samples.hpp"
#include "tests/support/text.hpp"

using namespace reports_test;
using namespace reports;

namespace {

std::uint64_t attribute(const std::string& xml, const std::string& name) {
    const std::size_t at = xml.find(name + "=\"");
    REQUIRE(at != std::string::npos);
    return std::stoull(xml.substr(at + name.size() + 2));
}

/// Numbers below an end, from a seed.
class Dice {
public:
    explicit Dice(std::mt19937_64& random) : random_(random) {}
    std::uint64_t below(std::uint64_t end) { return random_() % end; }
    bool one_in(std::uint64_t count) { return below(count) == 0; }

private:
    std::mt19937_64& random_;
};

/// A study of both runs whose prompts are won, lost or tied at random; sometimes short of ratings, adaptive or of
/// another run.
data::Study random_study(Dice& dice) {
    std::vector<std::string> values;
    for (std::uint64_t i = 0; i < 5 + dice.below(30); ++i) {
        const std::uint64_t value = 1 + dice.below(4) + dice.below(4);
        values.push_back(std::string(2, static_cast<char>('0' + value)) + static_cast<char>('1' + dice.below(7)));
    }
    if (dice.one_in(6)) values.back() = "4--";
    data::Study study = dice.one_in(3) ? safety_study(values) : pairwise_study(values);
    if (study.protocol == data::StudyProtocol::Safety) {
        for (data::StudyRating& rating : study.ratings) rating.value = std::min<std::int64_t>(rating.value, 5);
    }
    study.plans = {"new plan", dice.one_in(8) ? "another plan" : "old plan"};
    study.is_adaptive = dice.one_in(8);
    return study;
}

data::GateRule random_ratings_rule(Dice& dice, const data::Study& study) {
    data::GateRule rule{.suite = "people", .tier = static_cast<data::Tier>(dice.below(3))};
    rule.kind = data::RuleKind::Ratings;
    rule.margin = dice.one_in(2) ? 0 : 0.1;
    rule.ratings.is_safety = study.protocol == data::StudyProtocol::Safety;
    if (dice.one_in(3)) rule.ratings.min_agreement = 0.6;
    return rule;
}

/// Turns a task's scores into weighted logarithms, or values of a scorer, or gives them repeats.
void vary(Dice& dice, data::TaskView& before, data::TaskView& after, data::GateRule& rule) {
    switch (dice.below(5)) {
        case 0:
            for (data::TaskView* task : {&before, &after}) {
                task->metrics[0].scale = data::Scale::Exponential;
                task->metrics[0].higher_is_better = false;
                task->metrics[0].weights.assign(task->metrics[0].values.size(), 3.0);
            }
            break;
        case 1:
            before.metrics[0].scorer = {.option = "reward:safe", .measure = "reward", .version = "version 1"};
            if (dice.one_in(6)) break;  // the run was not scored
            after.metrics[0].scorer = before.metrics[0].scorer;
            if (dice.one_in(6)) after.metrics[0].scorer.version = "version 2";
            break;
        case 2:
            rule.min_pass_share = 0.6;
            for (std::uint64_t i = 0; i < dice.below(5); ++i)
                after.metrics[0].repeats.push_back(right(120 + dice.below(60), after.metrics[0].values.size()));
            break;
        default: break;
    }
    if (!before.metrics[0].scorer.option.empty()) {
        rule.scorer = "reward:safe";
        rule.metric = "reward";
    }
}

/// A verdict of suites and ratings that are unchanged, better, worse, incomplete or incomparable at random.
data::GateVerdict random_verdict(std::mt19937_64& random) {
    Dice dice(random);
    std::vector<data::TaskView> before;
    std::vector<data::TaskView> after;
    data::GatePolicy policy;
    policy.strictness = dice.one_in(2) ? data::Strictness::Usual : data::Strictness::Strict;
    for (std::uint64_t i = 0; i <= dice.below(4); ++i) {
        const std::string name = "suite" + std::to_string(i);
        before.push_back(gate_task(name, right(150, 200)));
        after.push_back(gate_task(name, right(140 + dice.below(20), 200)));
        if (dice.one_in(10)) after.back() = gate_task(name, right(100, 190));
        if (dice.one_in(12)) after.back().docs.asked[0] = 999;
        policy.rules.push_back({.suite = name, .tier = static_cast<data::Tier>(dice.below(3))});
        vary(dice, before.back(), after.back(), policy.rules.back());
    }
    const data::Study study = random_study(dice);
    if (dice.one_in(2)) policy.rules.push_back(random_ratings_rule(dice, study));
    data::RunView baseline = gate_run(1, before);
    data::RunView run = gate_run(2, after);
    baseline.plan = "old plan";
    run.plan = "new plan";
    if (dice.one_in(12)) run.settings.push_back({"temperature", "1"});
    return gate::judge(baseline, run, policy, {study});
}

}  // namespace

TEST_SUITE("gate.formats") {
    TEST_CASE("the sentence and JUnit and Markdown and JSON and the exit code agree in 200 generated verdicts") {
        std::mt19937_64 random(3);
        std::set<int> codes;
        for (int i = 0; i < 200; ++i) {
            const data::GateVerdict verdict = random_verdict(random);
            const int code = gate::exit_code(verdict);
            codes.insert(code);
            const std::string sentence = gate::verdict_sentence(verdict);
            CAPTURE(sentence);
            CHECK(sentence.starts_with("PASS") == (code == 0));
            const std::string junit = formats::render_junit(verdict);
            const std::uint64_t failures = attribute(junit, "failures");
            const std::uint64_t errors = attribute(junit, "errors");
            CHECK((failures + errors == 0) == (code == 0));
            CHECK(failures == count_of(junit, "<failure "));
            CHECK(errors == count_of(junit, "<error "));
            CHECK(attribute(junit, "skipped") == count_of(junit, "<skipped "));
            CHECK(attribute(junit, "tests") == count_of(junit, "<testcase "));
            const auto json = nlohmann::json::parse(formats::render_json(verdict));
            CHECK(json["exit_code"] == code);
            CHECK(json["verdict"] == sentence);
            CHECK(formats::render_terminal(verdict).starts_with(sentence));
            for (std::size_t suite = 0; suite < verdict.suites.size(); ++suite) {
                const std::string status = gate::to_string(verdict.suites[suite].status);
                CHECK(json["suites"][suite]["status"] == status);
                CHECK(has(formats::render_terminal(verdict, 80), status));
            }
            CHECK(formats::render_markdown(verdict).starts_with("## " + sentence.substr(0, sentence.find(' '))));
        }
        CHECK(codes == std::set<int>{0, 1, 3, 4, 5});
    }

    TEST_CASE("hostile names are harmless in every format") {
        auto task = gate_task(kHostile, right(5, 9));
        auto run = gate_run(1, {task});
        run.settings = {{kHostile, kHostile}};
        auto other = run;
        other.settings = {{kHostile, "x"}};
        const data::GateVerdict verdict = gate::judge(run, other, {});
        for (const std::string& text : {formats::render_terminal(verdict), formats::render_markdown(verdict),
                                        formats::render_json(verdict), formats::render_junit(verdict)}) {
            CHECK(text.find('\x1B') == std::string::npos);
            CHECK(text.find("\xE2\x80\xAE") == std::string::npos);
        }
        CHECK(formats::render_junit(verdict).find("<script>") == std::string::npos);
    }

    TEST_CASE("items that became worse come first and are named in the text") {
        const data::GateVerdict verdict = gate::judge(gate_run(1, {gate_task("a", marks("110011"))}),
                                                      gate_run(2, {gate_task("a", marks("101011"))}), {});
        REQUIRE(verdict.suites[0].flips.size() == 2);
        CHECK(verdict.suites[0].flips[0].doc == 1);
        const sections::Table table = gate::flips_table(verdict, 20);
        REQUIRE(table.rows.size() == 1);
        CHECK(table.rows[0] == std::vector<std::string>{"a", "1", "1", "0"});
    }

    TEST_CASE("the table of suites stays a table at 80 columns whatever its suites") {
        std::mt19937_64 random(5);
        for (int i = 0; i < 50; ++i) {
            const std::string text = formats::render_terminal(random_verdict(random), 80);
            const std::size_t at = text.find("\nSuites\n");
            REQUIRE(at != std::string::npos);
            const std::string title = text.substr(at + 8, text.find('\n', at + 8) - at - 8);
            CAPTURE(title);
            CHECK(title.starts_with("suite"));
            CHECK(has(title, "verdict"));
            CHECK(has(title, " p "));
            std::istringstream lines(text);
            for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 90);
        }
    }
}
