#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <re2/re2.h>

#include <array>
#include <limits>
#include <set>

#include "reports/formats/forest_plot.hpp"
#include "reports/formats/item_browser.hpp"
#include "reports/formats/render.hpp"
#include "reports/sections/browsed_items.hpp"
#include "reports/text/plain_text.hpp"
#include "tests/reports/page_markup.hpp"
#include "tests/reports/samples.hpp"

using namespace reports::data;
using namespace reports::formats;
using namespace reports::sections;
using namespace reports::text;
using namespace reports_test;

namespace {

std::string sha256_base64(const std::string& content) {
    std::array<unsigned char, 32> digest = {};
    unsigned int size = 0;
    REQUIRE(EVP_Digest(content.data(), content.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
    std::array<unsigned char, 45> text = {};
    REQUIRE(EVP_EncodeBlock(text.data(), digest.data(), 32) == 44);
    return {text.begin(), text.begin() + 44};
}

ItemView choice_item(std::uint64_t doc, const std::string& text) {
    return {.doc = doc,
            .target = "1",
            .error = "",
            .exchanges = {{"choice", text, " one", -1.5}, {"choice", text, " two", -0.25}},
            .scores = {{"acc", {1.0}}}};
}

std::vector<RunView> hostile_runs() {
    TaskView view = task(kHostile, {metric(kHostile, marks("10"))});
    view.shown = {{.doc = 0,
                   .target = kHostile,
                   .error = kHostile,
                   .exchanges = {{kHostile, kHostile, kHostile, -1.0},
                                 {"generate", kHostile + "2", kHostile, std::nullopt, kHostile}},
                   .scores = {{kHostile, {0.5, kHostile}}}},
                  choice_item(1, kHostile)};
    RunView first = run(1, kHostile, {view});
    first.model = first.fingerprint = first.created = kHostile;
    first.settings = {{kHostile, kHostile}};
    first.warnings = {kHostile};
    RunView second = first;
    second.id = 2;
    second.tasks.push_back(task(kHostile + "3", {}));
    return {first, second};
}

}  // namespace

TEST_SUITE("reports.page") {
    TEST_CASE("the page runs nothing but its own style and script") {
        const std::string page = render_html({hostile_runs()});
        const std::string policy = between(page, "http-equiv=\"Content-Security-Policy\" content=\"", "\"");
        CHECK(policy == "default-src 'none'; style-src 'sha256-" + sha256_base64(between(page, "<style>", "</style>")) +
                            "'; script-src 'sha256-" + sha256_base64(between(page, "<script>", "</script>")) +
                            "'; base-uri 'none'; form-action 'none'");
        CHECK(count_of(page, "<script") == 1);
        CHECK(count_of(page, "<style") == 1);
    }

    TEST_CASE("the page loads no other file") {
        const std::string page = render_html({hostile_runs()});
        const std::string style = between(page, "<style>", "</style>");
        CHECK(style.find("url(") == std::string::npos);
        CHECK(style.find("@import") == std::string::npos);
        const std::string markup = markup_of(page);
        CHECK_FALSE(RE2::PartialMatch(markup, "<(link|img|iframe|object|embed|base|a)\\b"));
        // All quotes in the markup are those of attributes.
        const std::string names = without(markup, "\"[^\"]*\"");
        CHECK_FALSE(RE2::PartialMatch(names, "<[^>]*\\s(src|style|action|on[a-z]+)="));
        for (std::size_t at = markup.find("href=\""); at != std::string::npos; at = markup.find("href=\"", at + 1)) {
            REQUIRE(markup[at + 6] == '#');
        }
    }

    TEST_CASE("hostile text changes neither the page's structure nor its direction") {
        const std::string page = render_html({hostile_runs()});
        CHECK(unbalanced(markup_of(page)) == "");
        CHECK(visible(page, Lines::Keep) == page);
        CHECK(page.find("alert(1)") != std::string::npos);  // it is there to be read
        CHECK(page.find("<script>alert") == std::string::npos);
        CHECK(page.find("<!--") == std::string::npos);
        CHECK(page.find("{{{style}}}") != std::string::npos);
        CHECK(page.find("\\u{202E}txt") != std::string::npos);
    }

    TEST_CASE("an item shows every exchange with its probability and the expected answer") {
        TaskView view = task("arc", {metric("acc", marks("11"))});
        view.shown = {choice_item(0, "Question: which?\nAnswer:"), choice_item(1, "Other")};
        const std::string page = render_html({{run(1, "a", {view})}});
        CHECK(count_of(page, "class=\"exchange choice\"") == 2);
        CHECK(count_of(page, "class=\"exchange choice target\"") == 2);
        CHECK(count_of(page, ">most likely<") == 2);
        CHECK(count_of(page, ">-0.2500<") == 2);
        CHECK(count_of(page, ">-1.5000<") == 2);
        CHECK(count_of(page, ">Question: which?\nAnswer:</div>") == 1);  // one prompt for both choices
        CHECK(page.find("class=\"question\">Question: which? Answer:<") != std::string::npos);
    }

    TEST_CASE("runs are side by side and documents show their verdicts") {
        TaskView first = task("sums", {metric("exact_match", marks("1010"))});
        TaskView second = task("sums", {metric("exact_match", marks("1000"))});
        const auto item = [](std::uint64_t doc, double score, const std::string& answer) {
            return ItemView{.doc = doc,
                            .target = "4",
                            .error = "",
                            .exchanges = {{"generate", "2+2=", answer, std::nullopt, "eos"}},
                            .scores = {{"exact_match", {score}}}};
        };
        first.shown = {item(0, 1, "4"), item(1, 0, "5"), item(2, 1, "4")};
        second.shown = {item(0, 1, "4"), item(1, 0, "6"), item(2, 0, "7")};
        second.shown.push_back({.doc = 3, .target = "", .error = "prompt too long", .exchanges = {}, .scores = {}});
        const std::string page = render_html({{run(1, "a", {first}), run(2, "b", {second})}});
        CHECK(count_of(page, "<span class=\"verdict correct\"") == 3);
        CHECK(count_of(page, "<span class=\"verdict wrong\"") == 3);
        CHECK(count_of(page, "<span class=\"verdict error\"") == 1);
        CHECK(count_of(page, "<span class=\"verdict missing\"") == 1);
        CHECK(page.find("Error: prompt too long") != std::string::npos);
        CHECK(page.find("Not among the items shown of this run.") != std::string::npos);
        CHECK(count_of(page, "ended by itself") == 6);
        CHECK(page.find("<h4>Expected</h4><div class=\"text\">4</div>") != std::string::npos);
    }

    TEST_CASE("different prompts are all shown") {
        TaskView view = task("winogrande", {metric("acc", marks("1"))});
        ItemView item = choice_item(0, "He");
        item.exchanges[1].prompt = "She";
        view.shown = {item};
        const std::string page = render_html({{run(1, "a", {view})}});
        CHECK(count_of(page, "<h5>Prompt</h5>") == 2);
        CHECK(page.find(">She</div>") != std::string::npos);
    }

    TEST_CASE("the expected choices are those that the target lists") {
        ItemView item = choice_item(0, "");
        item.exchanges.push_back({"choice", "", " three", -2.0});
        item.target = "0,2";
        CHECK(is_target(item, 0));
        CHECK_FALSE(is_target(item, 1));
        CHECK(is_target(item, 2));
        CHECK_FALSE(is_target(item, 3));
        item.target = "two";
        CHECK_FALSE(is_target(item, 1));
        item.target = "1";
        item.exchanges[1].kind = "generate";
        CHECK_FALSE(is_target(item, 1));
    }

    TEST_CASE("the plot has a mark with a title for every value") {
        const auto sample = [](const std::string& text) { return task("arc", {metric("acc", marks(text), 0.1)}); };
        const std::string plots =
            forest_plots({run(1, "a", {sample("1111111100")}), run(2, "b", {sample("1100000000")})});
        CHECK(count_of(plots, "<title>") == 2);
        CHECK(plots.find("<title>a (run 1), acc: 0.8000 (95 % interval 0.4902 to 0.9433), n 10</title>") !=
              std::string::npos);
        CHECK(unbalanced(plots) == "");
        CHECK(forest_plots({}) == "");
        CHECK(forest_plots({run(1, "a", {task("empty", {})})}) == "");
    }

    TEST_CASE("labels of an axis that would overlap are left out") {
        reports::data::MetricValues large{.name = "word_perplexity",
                                          .higher_is_better = false,
                                          .value = 871630.5536,
                                          .standard_error = 182832,
                                          .values = {},
                                          .scored = 62};
        const std::string plots = forest_plots({run(1, "a", {task("wikitext", {large})})});
        CHECK(plots.find(">400000<") != std::string::npos);
        CHECK(plots.find(">600000<") == std::string::npos);
        CHECK(plots.find(">871631<") != std::string::npos);
    }

    TEST_CASE("an axis has round steps that hold its values") {
        CHECK(axis_ticks(11.2, 13.9) == std::vector<double>{11, 12, 13, 14});
        CHECK(axis_ticks(0, 20) == std::vector<double>{0, 5, 10, 15, 20});
        for (const auto& [low, high] : {std::pair(5.0, 5.0), {0.0, 0.0}, {-3.0, 1e-9}, {1e18, 1e18}, {-1e300, 1e300}}) {
            const std::vector<double> ticks = axis_ticks(low, high);
            CHECK(ticks.size() >= 2);
            CHECK(ticks.size() <= 12);
            CHECK(ticks.front() <= low);
            CHECK(ticks.back() >= high);
            CHECK(ticks.front() < ticks.back());
        }
    }

    TEST_CASE("a report without runs says so") {
        CHECK(render_html(Report{}).find("There is no run in this report.") != std::string::npos);
    }
}
