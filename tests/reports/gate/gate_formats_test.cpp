#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "reports/formats/gate.hpp"
#include "reports/gate/judge.hpp"
#include "reports/gate/tables.hpp"
#include "tests/reports/gate/gate_samples.hpp"
#include "tests/support/text.hpp"

using namespace reports_test;
using namespace reports;

namespace {

std::uint64_t attribute(const std::string& xml, const std::string& name) {
    const std::size_t at = xml.find(name + "=\"");
    REQUIRE(at != std::string::npos);
    return std::stoull(xml.substr(at + name.size() + 2));
}

/// A verdict of suites that are unchanged, better, worse, incomplete or incomparable at random.
data::GateVerdict random_verdict(std::mt19937_64& random) {
    const auto below = [&random](std::uint64_t end) { return random() % end; };
    std::vector<data::TaskView> before;
    std::vector<data::TaskView> after;
    data::GatePolicy policy;
    policy.strictness = below(2) == 0 ? data::Strictness::Usual : data::Strictness::Strict;
    for (std::uint64_t i = 0; i <= below(4); ++i) {
        const std::string name = "suite" + std::to_string(i);
        before.push_back(gate_task(name, right(150, 200)));
        after.push_back(gate_task(name, right(140 + below(20), 200)));
        if (below(8) == 0) after.back() = gate_task(name, right(100, 190));
        if (below(8) == 0) after.back().docs.asked[0] = 999;
        policy.rules.push_back({.suite = name, .tier = static_cast<data::Tier>(below(3))});
    }
    data::RunView run = gate_run(2, after);
    if (below(8) == 0) run.settings.push_back({"temperature", "1"});
    return gate::judge(gate_run(1, before), run, policy);
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
}
