// Renders a gate's verdict as JSON and as JUnit XML.

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/formats/gate.hpp"
#include "reports/formats/json_parts.hpp"
#include "reports/gate/judge.hpp"
#include "reports/gate/power.hpp"
#include "reports/gate/tables.hpp"
#include "reports/text/plain_text.hpp"

namespace reports::formats {
namespace {

using data::GateStatus;
using nlohmann::ordered_json;

std::string dumped(const ordered_json& value) {
    constexpr int kIndent = 2;
    return value.dump(kIndent, ' ', true, ordered_json::error_handler_t::replace) + "\n";
}

ordered_json looks_json(const std::optional<data::LooksTaken>& looks) {
    if (!looks) return nullptr;
    return {{"taken", looks->taken}, {"planned", looks->planned}, {"planned_items", looks->planned_items}};
}

ordered_json suite_json(const data::SuiteVerdict& suite) {
    ordered_json flips = ordered_json::array();
    for (const data::Flip& flip : suite.flips)
        flips.push_back({{"task", flip.task}, {"doc", flip.doc}, {"before", flip.before}, {"after", flip.after}});
    return {{"suite", suite.rule.suite},
            {"tier", gate::to_string(suite.rule.tier)},
            {"metric", suite.metric},
            {"status", gate::to_string(suite.status)},
            {"reason", suite.reason},
            {"items", suite.items},
            {"before", number_json(suite.before)},
            {"after", number_json(suite.after)},
            {"difference", number_json(suite.difference)},
            {"bounds", interval_json(suite.bounds)},
            {"margin", suite.margin},
            {"test", suite.test},
            {"p", number_json(suite.p)},
            {"detectable", number_json(suite.detectable)},
            {"needed_items", suite.needed_items ? ordered_json(*suite.needed_items) : ordered_json(nullptr)},
            {"worse", suite.worse},
            {"better", suite.better},
            {"looks", looks_json(suite.looks)},
            {"flips", flips}};
}

/// How JUnit shows a status.
struct Mark {
    const char* element = "";  ///< empty: passed
    std::string message;
};

Mark mark_of(const data::SuiteVerdict& suite, data::Strictness strictness) {
    const std::string message = fmt::format("{}: {}", gate::to_string(suite.status), suite.reason);
    if (suite.status == GateStatus::Pass) return {};
    if (suite.rule.tier == data::Tier::Advisory) return {"skipped", "advisory: " + message};
    switch (suite.status) {
        case GateStatus::Regression: return {"failure", message};
        case GateStatus::Inconclusive: return {strictness == data::Strictness::Strict ? "failure" : "skipped", message};
        default: return {"error", message};
    }
}

/// XML text: html_text leaves no control character, and its references are XML's too.
std::string xml(const std::string& text) {
    return text::html_text(text);
}

std::string test_case(const std::string& name, const Mark& mark) {
    const std::string start = fmt::format("    <testcase classname=\"bellwether.gate\" name=\"{}\"", xml(name));
    if (*mark.element == '\0') return start + "/>\n";
    return fmt::format("{}>\n      <{} message=\"{}\"/>\n    </testcase>\n", start, mark.element, xml(mark.message));
}

}  // namespace

std::string render_json(const data::GateVerdict& verdict) {
    ordered_json differing = ordered_json::array();
    for (const data::Setting& setting : verdict.differing)
        differing.push_back({{"setting", setting.name}, {"change", setting.value}});
    ordered_json suites = ordered_json::array();
    for (const data::SuiteVerdict& suite : verdict.suites) suites.push_back(suite_json(suite));
    return dumped({{"status", gate::to_string(verdict.status)},
                   {"exit_code", gate::exit_code(verdict)},
                   {"verdict", gate::verdict_sentence(verdict)},
                   {"strict", verdict.strictness == data::Strictness::Strict},
                   {"level", verdict.level},
                   {"baseline", verdict.baseline},
                   {"run", verdict.run},
                   {"obstacles", verdict.obstacles},
                   {"differing", differing},
                   {"suites", suites}});
}

std::string render_junit(const data::GateVerdict& verdict) {
    Mark whole;
    std::string why;
    for (const std::string& obstacle : verdict.obstacles) why += (why.empty() ? "" : "; ") + obstacle;
    if (!why.empty()) whole = {"error", "not comparable: " + why};
    std::string cases = test_case("the runs are comparable", whole);
    std::size_t failures = 0;
    std::size_t errors = why.empty() ? 0 : 1;
    std::size_t skipped = 0;
    for (const data::SuiteVerdict& suite : verdict.suites) {
        const Mark mark = mark_of(suite, verdict.strictness);
        failures += mark.element == std::string("failure") ? 1 : 0;
        errors += mark.element == std::string("error") ? 1 : 0;
        skipped += mark.element == std::string("skipped") ? 1 : 0;
        cases += test_case(fmt::format("{} {}", suite.rule.suite, suite.metric), mark);
    }
    const std::string counts = fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"",
                                           verdict.suites.size() + 1, failures, errors, skipped);
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"bellwether gate\" "
        "{}>\n{}    <system-out>{}</system-out>\n  </testsuite>\n</testsuites>\n",
        counts, cases, xml(gate::verdict_sentence(verdict)));
}

std::string render_json(const std::vector<data::SuitePower>& powers) {
    ordered_json suites = ordered_json::array();
    for (const data::SuitePower& power : powers) {
        ordered_json chances = ordered_json::array();
        for (std::size_t i = 0; i < power.chances.size(); ++i)
            chances.push_back({{"drop", gate::kPowerDrops.at(i)}, {"chance", power.chances[i]}});
        suites.push_back({{"suite", power.rule.suite},
                          {"tier", gate::to_string(power.rule.tier)},
                          {"metric", power.metric},
                          {"items", power.items},
                          {"assumed", power.assumption},
                          {"chances", chances},
                          {"reason", power.reason}});
    }
    return dumped({{"suites", suites}, {"warnings", gate::power_warnings(powers)}});
}

std::string render_json(const std::vector<data::ChangedItem>& changed) {
    ordered_json items = ordered_json::array();
    for (const data::ChangedItem& item : changed)
        items.push_back({{"task", item.task}, {"doc", item.doc}, {"what", item.what}});
    return dumped({{"identical", changed.empty()}, {"changed", items}});
}

}  // namespace reports::formats
