#include "reports/sections/ladder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/formats/render.hpp"
#include "tests/reports/ladder_samples.hpp"

using namespace reports;
using namespace reports_test;
using sections::ladder_scores;
using sections::ladder_tables;
using sections::ladder_warnings;
using sections::Table;

namespace {

data::Report ladder_report() {
    data::Report report;
    report.ladder = ladder();
    return report;
}

/// Q8 changes no verdict; Q2 loses two items and wins one. The reference's run is the last one.
data::Report scored_ladder() {
    data::Report report = ladder_report();
    report.runs = {ladder_run(1, "Q2", {0, 1, 0, 1}), ladder_run(2, "Q8", {1, 1, 1, 0}),
                   ladder_run(3, "F16", {1, 1, 1, 0}), ladder_run(4, "another", {0, 0, 0, 0})};
    return report;
}

std::string cell(const Table& table, std::size_t row, const std::string& title) {
    const auto found = std::find(table.titles.begin(), table.titles.end(), title);
    REQUIRE(found != table.titles.end());
    return table.rows.at(row).at(static_cast<std::size_t>(found - table.titles.begin()));
}

}  // namespace

TEST_SUITE("reports.ladder") {
    TEST_CASE("the overview has size and divergence and speed of every model") {
        const Table table = ladder_tables(ladder_report()).front();
        REQUIRE(table.rows.size() == 3);
        CHECK(cell(table, 0, "model") == "F16");
        CHECK(cell(table, 0, "KL") == "–");  // the reference
        CHECK(cell(table, 1, "KL") == "0.000123");
        CHECK(cell(table, 1, "std. error") == "1.2e-05");
        CHECK(cell(table, 1, "bits per weight") == "8.50");
        CHECK(cell(table, 2, "bits per weight") == "2.64");
        CHECK(cell(table, 2, "size") == "323 KiB");
        CHECK(cell(table, 0, "size") == "1.9 MiB");
        CHECK(cell(table, 2, "tokens /s") == "56.8");
        CHECK(std::find(table.titles.begin(), table.titles.end(), "flips") == table.titles.end());
        CHECK(table.caption.find("the first 512 of the 2048 tokens of book.txt in 4 windows") != std::string::npos);
    }

    TEST_CASE("flips are counted against the run of the reference wherever it is in the report") {
        const data::Report report = scored_ladder();
        const auto scores = ladder_scores(report);
        REQUIRE(scores.size() == 3);  // the run of another model is not on the ladder
        CHECK(scores[0].run->id == 3);
        CHECK_FALSE(scores[0].flips());
        CHECK(scores[1].run->id == 2);
        CHECK(*scores[1].flips() == 0);
        CHECK(scores[2].run->id == 1);
        CHECK(*scores[2].flips() == 3);
        CHECK(scores[2].paired->higher_a == 2);
        CHECK(scores[2].paired->higher_b == 1);
        CHECK(scores[2].paired->difference == doctest::Approx(-0.25));
        const Table table = ladder_tables(report).front();
        CHECK(cell(table, 0, "score") == "0.7500");
        CHECK(cell(table, 0, "flips") == "–");
        CHECK(cell(table, 2, "score") == "0.5000");
        CHECK(cell(table, 2, "flips") == "3");
    }

    TEST_CASE("scores that are not right or wrong have no flips and scores without a reference no difference") {
        data::Report report = scored_ladder();
        report.runs[0].tasks[0].metrics[0].values[0] = 0.5;
        CHECK_FALSE(ladder_scores(report)[2].flips());
        CHECK(ladder_scores(report)[2].paired);
        report.runs.erase(report.runs.begin() + 2);
        for (const sections::LadderScore& score : ladder_scores(report)) CHECK_FALSE(score.paired);
    }

    TEST_CASE("an imported run is no run of the model whose fingerprint it has") {
        data::Report report = scored_ladder();
        report.runs[0].imported = true;
        CHECK(ladder_scores(report).size() == 2);
    }

    TEST_CASE("a model that failed keeps its row and its reason is a warning") {
        data::Report report = ladder_report();
        report.ladder->models[2].divergence.reset();
        report.ladder->models[2].failure = "infinite weights";
        const std::vector<Table> tables = ladder_tables(report);
        CHECK(tables.front().rows.size() == 3);
        CHECK(cell(tables.front(), 2, "KL") == "–");
        CHECK(tables[1].rows.size() == 2);
        CHECK(ladder_warnings(*report.ladder) == std::vector<std::string>{"Q2 failed: infinite weights"});
    }

    TEST_CASE("a coarse reference and one window and other sizes are warnings") {
        data::Ladder found = ladder();
        CHECK(ladder_warnings(found).empty());
        found.windows = 1;
        std::swap(found.models[0], found.models[1]);
        found.models[2].parameters = 999;
        const std::vector<std::string> warnings = ladder_warnings(found);
        REQUIRE(warnings.size() == 4);
        CHECK(warnings[0] == "F16 has more bits per weight than the reference, Q8");
        CHECK(warnings[2].find("Q2 has 999 parameters and the reference 1000000") == 0);
        CHECK(warnings[3].find("one window") != std::string::npos);
    }

    TEST_CASE("the ladder in JSON has the numbers and the scores of its runs") {
        const auto found = nlohmann::json::parse(formats::render_json(scored_ladder()))["ladder"];
        CHECK(found["reference"] == "F16");
        const auto& second = found["models"][1];
        CHECK(second["divergence"]["kl"]["value"] == 0.00012345);
        CHECK(second["divergence"]["kl"]["p999"] == 4 * 0.00012345);
        CHECK(second["bits_per_weight"] == 8.5);
        CHECK(second["failure"].is_null());
        const auto& scores = found["models"][2]["scores"];
        REQUIRE(scores.size() == 1);
        CHECK(scores[0]["flips"] == 3);
        CHECK(scores[0]["became_wrong"] == 2);
    }

    TEST_CASE("a page of a ladder alone has its chart and no hostile name is markup") {
        data::Report report = ladder_report();
        report.ladder->models[1].variant = kHostile;
        report.ladder->text = kHostile;
        report.ladder->models[2].failure = kHostile;
        const std::string page = formats::render_html(report);
        CHECK(page.find("<script>alert") == std::string::npos);
        CHECK(page.find("KL divergence from F16") != std::string::npos);
        CHECK(page.find("There is no run") == std::string::npos);
        CHECK(formats::render_markdown(report).find("## Quantisation ladder") != std::string::npos);
        CHECK(formats::render_markdown(report).find("<script>") == std::string::npos);
    }

    TEST_CASE("a chart of divergences that are all nothing is left out") {
        data::Report report = ladder_report();
        report.ladder->models = {ladder_model("F16", 0, 2000000), ladder_model("copy", 0, 2000000)};
        CHECK(formats::render_html(report).find("<figure>") == std::string::npos);
    }

    TEST_CASE("the overview of usual names fits 80 columns in lines") {
        data::Report report = scored_ladder();
        for (data::LadderModel& model : report.ladder->models) model.variant = "llama-2-7b-chat." + model.variant;
        const std::string text = formats::render_ladder(report, 80);
        std::size_t start = text.find("\n\n") + 2;  // after heading and caption
        CHECK(text.find("model", start) < text.find('\n', start) + 80);
        for (std::size_t end = 0; start < text.size(); start = end + 1) {
            end = text.find('\n', start);
            const std::string line = text.substr(start, end - start);
            // Bytes that begin a character: a dash has three.
            CHECK(std::count_if(line.begin(), line.end(), [](char byte) { return (byte & 0xC0) != 0x80; }) <= 80);
        }
        CHECK(text.find("  size: ") == std::string::npos);  // no blocks
    }
}
