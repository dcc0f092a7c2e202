#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "reports/formats/render.hpp"
#include "tests/reports/samples.hpp"
#include "tests/support/text.hpp"

using namespace reports::data;
using namespace reports::formats;
using namespace reports_test;
using nlohmann::json;

namespace {

PublishedRow row(std::int64_t run, const std::string& task, double value, double published) {
    PublishedRow result{.run = run,
                        .variant = "mine",
                        .task = task,
                        .metric = "acc",
                        .value = value,
                        .ci95 = Interval{value - 0.02, value + 0.02},
                        .published = {},
                        .not_compared = ""};
    result.published.model = "llama-2-7b";
    result.published.profile = "llama2-paper";
    result.published.value = published;
    result.published.source = "a paper";
    result.published.table = "20";
    return result;
}

Report report(std::vector<PublishedRow> rows) {
    Report whole{.runs = {run(1, "mine", {})}};
    whole.published = Published{.model = "llama-2-7b", .rows = std::move(rows)};
    return whole;
}

}  // namespace

TEST_SUITE("reports.published") {
    TEST_CASE("a published number is shown with the run's value and difference and interval") {
        const Report whole = report({row(1, "arc_easy", 0.74, 0.752), row(1, "piqa", 0.74, 0.788)});
        const std::string text = render_terminal(whole);
        CHECK(text.find("Against published numbers of llama-2-7b\n") != std::string::npos);
        CHECK(text.find("-0.0120") != std::string::npos);
        const json rows = json::parse(render_json(whole))["published"];
        CHECK(rows.at(0)["inside"] == true);
        CHECK(rows.at(1)["inside"] == false);
        CHECK(rows.at(1)["published"] == 0.788);
        CHECK(json::parse(render_run_json(whole))["published"] == rows);
    }

    TEST_CASE("a number that is not compared is listed once for several runs without a difference") {
        PublishedRow first = row(1, "arc_easy", 0.74, 0.752);
        first.not_compared = "published in the profile llama2-paper, run in lmeval";
        PublishedRow second = first;
        second.run = 2;
        const Report whole = report({first, second});
        for (const std::string& text : {render_terminal(whole), render_markdown(whole), render_html(whole)}) {
            CAPTURE(text);
            CHECK(count_of(text, "not compared with 0.7520") == 1);
        }
        CHECK(json::parse(render_json(whole))["published"].at(0)["difference"].is_null());
    }

    TEST_CASE("a corrected number is compared and the printed one shown") {
        PublishedRow wrong = row(1, "paper_math", 0.1, 0.146);
        wrong.published.corrected = 0.0855;
        wrong.published.remark = "prints GSM8K alone";
        const std::string text = render_terminal(report({wrong}));
        CHECK(text.find("0.0855 (printed 0.1460)") != std::string::npos);
        CHECK(text.find("prints GSM8K alone") != std::string::npos);
        CHECK(text.find("+0.0145") != std::string::npos);
    }

    TEST_CASE("the page formats these cells like those of other tables") {
        const std::string page = render_html(report({row(1, "piqa", 0.74, 0.788)}));
        // On a narrow screen a cell is below its title, and a long source wraps.
        CHECK(page.find("<td class=\"number\" data-title=\"value\">0.7400</td>") != std::string::npos);
        CHECK(page.find("<td class=\"prose\" data-title=\"source\">") != std::string::npos);
        CHECK(page.find("<th scope=\"row\" class=\"key0\" rowspan=\"1\">piqa</th>") != std::string::npos);
    }

    TEST_CASE("a report without published numbers says so and one without the option has no such section") {
        for (const std::string& text :
             {render_terminal(report({})), render_markdown(report({})), render_html(report({}))}) {
            CHECK(text.find("There are none for these tasks.") != std::string::npos);
        }
        CHECK(render_terminal({{run(1, "mine", {})}}).find("published") == std::string::npos);
        CHECK_FALSE(json::parse(render_json({{run(1, "mine", {})}})).contains("published"));
    }

    TEST_CASE("hostile names stay text in every format") {
        PublishedRow hostile = row(1, kHostile, 0.74, 0.752);
        hostile.variant = "<script>|x\x1b[2J";
        const Report whole = report({hostile});
        CHECK(render_html(whole).find("<script>|x") == std::string::npos);
        CHECK(render_html(whole).find("&lt;script&gt;") != std::string::npos);
        CHECK(render_markdown(whole).find("\\<script\\>\\|x") != std::string::npos);
        CHECK(render_terminal(whole).find('\x1b') == std::string::npos);
    }
}
