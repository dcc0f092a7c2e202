#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "reports/formats/render.hpp"
#include "reports/formats/safety_charts.hpp"
#include "reports/text/plain_text.hpp"
#include "tests/reports/page_markup.hpp"
#include "tests/reports/safety_samples.hpp"

using namespace reports::data;
using namespace reports::formats;
using namespace reports_test;
using nlohmann::json;

namespace {

/// Two runs with every measure, and curves of the first.
Report full_report(const std::string& name = "half1") {
    SafetyRun first;
    for (const char* vector : {"logic", "none"}) {
        for (const char* category : {"hateful", "illicit"}) {
            first.items.push_back({.content = first.items.size(),
                                   .kind = PromptKind::Unsafe,
                                   .category = category,
                                   .vector = vector,
                                   .hazard = "hate"});
        }
    }
    first.items.push_back({.content = 4, .kind = PromptKind::Borderline, .category = name});
    first.scores = {safety_scores(Judge, SafetyMeasure::Violation, marks("1000-")),
                    safety_scores(Detector, SafetyMeasure::Refusal, marks("01111")),
                    safety_scores(RewardModel, SafetyMeasure::Reward, {0.5, -1.0, 2.0, 3.0, 1.0})};
    first.scores.back().answers = {0.5, -1, 2, 3, 1};
    SafetyRun second = first;
    first.curves = {
        {.chooser = RewardModel,
         .measurer = Judge,
         .prompts = 5,
         .samples = 2,
         .remark = name,
         .points = {{1, 0, {0, 0.1}, {0, 0.1}, {0, 0}}, {2, 0.1931, {0.5, 0.1}, {0.25, 0.1}, {0.25, 0.05}}}}};
    Report report = safety_report({first, second});
    report.safety->scorers[RewardModel].name = name;
    report.safety->scorers[RewardModel].distrust = name + " does not beat the best baseline";
    report.safety->published = {{"violation",
                                 {.model = "llama-2-7b-chat",
                                  .profile = "p",
                                  .fewshot = {},
                                  .value = 0.03,
                                  .corrected = {},
                                  .source = "the paper",
                                  .table = "figure 17a",
                                  .remark = "read from a chart"}}};
    return report;
}

std::string section_of(const std::string& page) {
    const std::size_t begin = page.find("<h2>Safety</h2>");
    return page.substr(begin, page.find("</main>") - begin);
}

}  // namespace

TEST_SUITE("reports.safety") {
    TEST_CASE("scores that are no evidence say so before anything else in every format") {
        const Report report = full_report();
        const std::string words = "half1 does not beat the best baseline";
        const std::string page = section_of(render_html(report));
        CHECK(page.find(words) < page.find("<table"));
        CHECK(page.find(words) < page.find("<svg class=\"plot\""));
        const std::string terminal = render_terminal(report);
        CHECK(terminal.find("\nSafety\n" + words + "\n") != std::string::npos);
        const std::string markdown = render_markdown(report);
        CHECK(markdown.find("## Safety\n\n**" + words + "**\n") != std::string::npos);
        CHECK(json::parse(render_json(report))["safety"]["warnings"][0] == words);
    }

    TEST_CASE("a cell of the heat map shows its share and number and tells the interval when pointed at") {
        const auto maps = heat_maps(full_report());
        REQUIRE(maps.size() == 4);  // violation and refusal of two runs
        const Chart& chart = maps.front().chart;
        std::vector<std::string> digits;
        for (const Chart::Text& text : chart.texts) {
            if (text.look.starts_with("digits")) digits.push_back(text.text);
        }
        CHECK(digits == std::vector<std::string>{"100%", "0%", "0%", "0%"});
        CHECK(chart.rects[1].title == "hateful, logic: 1.0000 (95 % interval 0.2065 to 1.0000), n 1");
        CHECK(chart.description.find("illicit, none: 0.0000") != std::string::npos);
    }

    TEST_CASE("light and dark digits stand on tints of enough contrast") {
        // The stronger the colour the higher the share, with a jump where neither digits could be read.
        SafetyRun run;
        Values values;
        for (int i = 0; i <= 10; ++i) {
            run.items.push_back({.content = static_cast<std::uint64_t>(i),
                                 .kind = PromptKind::Unsafe,
                                 .category = "c",
                                 .vector = std::string(1, static_cast<char>('a' + i))});
            values.push_back(i / 10.0);
        }
        run.scores = {safety_scores(Detector, SafetyMeasure::Refusal, values)};
        const Chart chart = heat_maps(safety_report({run})).front().chart;
        double before = 0;
        std::size_t cell = 0;
        for (const Chart::Rect& rect : chart.rects) {
            if (rect.look != "heat") continue;
            CHECK(rect.opacity > before);
            before = rect.opacity;
            const bool is_light = chart.texts.at(11 + 1 + 2 * cell).look == "digits on-dark";
            CHECK(is_light == (rect.opacity > 0.7));
            CHECK((rect.opacity < 0.5 || rect.opacity > 0.7));
            ++cell;
        }
        CHECK(cell == 11);
    }

    TEST_CASE("every chart has a title and a description and its numbers in a table beside it") {
        const std::string page = section_of(render_html(full_report()));
        CHECK(count_of(page, "<svg class=\"plot\"") >= 8);
        CHECK(count_of(page, "<svg class=\"plot\"") == count_of(page, "<desc>"));
        for (const char* heading :
             {"Refusal and over-refusal", "Safety by category and attack vector", "Rewards of all answers",
              "Best of n answers", "Published safety ratings of people", "How far the scorers can be trusted"}) {
            CAPTURE(std::string(heading));
            CHECK(page.find("<h3>" + std::string(heading) + "</h3>") != std::string::npos);
        }
        CHECK(page.find(">0.0300*<") != std::string::npos);  // read from a chart
    }

    TEST_CASE("hostile names change nothing in the structure of the safety section") {
        const std::string page = render_html(full_report(kHostile));
        CHECK(unbalanced(markup_of(page)) == "");
        CHECK(reports::text::visible(page, reports::text::Lines::Keep) == page);
        CHECK(page.find("<script>alert") == std::string::npos);
        CHECK(render_markdown(full_report(kHostile)).find("<script>") == std::string::npos);
        CHECK(render_terminal(full_report(kHostile)).find('\x1b') == std::string::npos);
    }

    TEST_CASE("harmful texts are behind a warning in the page and nowhere else") {
        TaskView view = task("safety", {metric("refusal", marks("1"))});
        view.has_harmful_text = true;
        view.shown = {{.doc = 0,
                       .target = "",
                       .error = "",
                       .exchanges = {{"generate", "a harmful question", "a harmful answer", std::nullopt}},
                       .scores = {{"refusal", {1.0}}}}};
        TaskView harmless = view;
        harmless.task = "borderline";
        harmless.has_harmful_text = false;
        const Report report{.runs = {run(1, "a", {view, harmless})}};
        const std::string page = markup_of(render_html(report));
        CHECK(unbalanced(page) == "");
        CHECK(count_of(page, "<details class=\"warned\">") == 1);
        const std::size_t warning = page.find("Content warning");
        CHECK(warning < page.find("a harmful question"));
        CHECK(page.find("<strong>safety</strong>") < warning);
        CHECK(between(render_html(report), "@media print {", "\n}").find(".warned > :not(summary) { display: none }") !=
              std::string::npos);
        CHECK(render_markdown(report).find("harmful") == std::string::npos);
        CHECK(render_json(report).find("harmful") == std::string::npos);
        CHECK(render_terminal(report).find("harmful") == std::string::npos);
    }

    TEST_CASE("JSON has the rates of every division and the curves") {
        const json safety = json::parse(render_json(full_report()))["safety"];
        std::set<std::string> splits;
        for (const json& rate : safety["rates"]) splits.insert(rate["split"]);
        CHECK(splits == std::set<std::string>{"all", "category", "category_and_vector", "hazard", "turns"});
        CHECK(safety["rates"][0]["measure"] == "violation");
        CHECK(safety["rates"][0]["value"] == 0.25);
        CHECK(safety["rates"][0]["n"] == 4);
        CHECK(safety["best_of_n"][0]["points"][1]["gap"]["mean"] == 0.25);
        CHECK(safety["refusal_plane"].size() == 2);
        CHECK(safety["differences"].size() > 0);
        CHECK(safety["published"][0]["remark"] == "read from a chart");
    }
}
