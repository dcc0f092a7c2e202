#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/formats/render.hpp"
#include "tests/reports/page_markup.hpp"
#include "tests/reports/samples.hpp"

using namespace reports::data;
using namespace reports::formats;
using namespace reports_test;

namespace {

/// Seven of ten items that only the second run has correct, and a task that only the first one has.
Report decided_report() {
    Report report;
    report.runs = {
        run(1, "a", {task("sums", {metric("acc", marks("0000000000"))}), task("alone", {metric("acc", marks("01"))})}),
        run(2, "b", {task("sums", {metric("acc", marks("1111111000"))})})};
    report.runs[0].tasks[0].shown = {
        {.doc = 0, .target = "4", .error = "", .exchanges = {{"generate", "2+2=", "4", std::nullopt}}, .scores = {}}};
    report.runs[1].reproduction = {"bellwether run --model b --suite 'sums & more'", "In the folder of the model."};
    return report;
}

const std::string kHeadline = "b (run 2) is better than a (run 1) at sums (acc).";

/// Places of the parts, in the order given; npos where one is missing.
std::vector<std::size_t> places(const std::string& text, const std::vector<std::string>& parts) {
    std::vector<std::size_t> found(parts.size());
    std::transform(parts.begin(), parts.end(), found.begin(), [&text](const auto& part) { return text.find(part); });
    return found;
}

}  // namespace

TEST_SUITE("reports.verdict_formats") {
    TEST_CASE("the page has verdict and plot and what was not compared before all tables and provenance last") {
        const std::string page = render_html(decided_report());
        const std::vector<std::size_t> order =
            places(page, {kHeadline, "<figure>", ">Not compared</h3>", ">Difference by suite</h3>", ">Scores</h2>",
                          ">Paired differences against a (run 1)</h2>", ">Items</h2>", ">Provenance</h2>"});
        CHECK(std::is_sorted(order.begin(), order.end()));
        CHECK(order.back() != std::string::npos);
        CHECK(unbalanced(markup_of(page)) == "");
    }

    TEST_CASE("the plot of a verdict has its numbers in words") {
        const std::string page = render_html(decided_report());
        const std::string plot = between(page, "<figure>", "</figure>");
        CHECK(plot.find("role=\"img\"") != std::string::npos);
        // Seven of ten pairs better: .7 -+ 2.262 (Student's t, 9 degrees of freedom) * .1528, at most 1.
        CHECK(plot.find("<desc>b (run 2), sums: +70.0 points (95 % interval +35.4 to +100.0), n 10</desc>") !=
              std::string::npos);
    }

    TEST_CASE("a command is in the page and in Markdown as it is typed") {
        const std::string command = "bellwether run --model b --suite 'sums & more'";
        CHECK(render_markdown(decided_report()).find("\n    " + command + "\n") != std::string::npos);
        CHECK(render_html(decided_report()).find("bellwether run --model b --suite &#39;sums &amp; more&#39;") !=
              std::string::npos);
    }

    TEST_CASE("JSON has the same verdict") {
        const auto document = nlohmann::json::parse(render_json(decided_report()));
        const auto& verdict = document.at("verdict");
        CHECK(verdict.at("headline") == kHeadline);
        CHECK(verdict.at("comparisons") == 1);
        const auto& suite = verdict.at("suites").at(0);
        CHECK(suite.at("verdict") == "better");
        CHECK(suite.at("base_value") == 0);
        CHECK(suite.at("run_value").get<double>() == doctest::Approx(0.7));
        CHECK(suite.at("p_adjusted").get<double>() == doctest::Approx(2.0 / 128));
        CHECK(document.at("runs").at(0).at("command").is_null());
        CHECK(document.at("runs").at(0).at("cost").at("seconds").is_null());
        CHECK(document.at("runs").at(1).at("command") == "bellwether run --model b --suite 'sums & more'");
    }

    TEST_CASE("Markdown begins with the verdict") {
        const std::string text = render_markdown(decided_report());
        CHECK(text.find("## Verdict\n\n**b (run 2) is better than a (run 1) at sums (acc).**") == 21);
    }

    TEST_CASE("hostile names in verdict and breakdown and command are harmless") {
        Report report;
        TaskView view = task(kHostile, {metric(kHostile, marks("101101"))});
        view.categories = {{kHostile + "1", kHostile + "2", "c"}, {0, 1, 2, 0, 1, 2}};
        report.runs = {run(1, kHostile, {view}), run(2, kHostile + "b", {view})};
        report.runs[0].reproduction = {kHostile, kHostile};
        report.runs[0].cost.quantisation = kHostile;
        report.runs[0].cost.weight_bytes = 5;
        const std::string page = render_html(report);
        CHECK(unbalanced(markup_of(page)) == "");
        CHECK(page.find("By subject and category") != std::string::npos);
        CHECK(page.find("<script>alert") == std::string::npos);
        const std::string text = render_markdown(report);
        CHECK(text.find('\x1B') == std::string::npos);
        CHECK(text.find("\xE2\x80\xAE") == std::string::npos);
    }
}
