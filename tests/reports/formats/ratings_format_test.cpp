#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "reports/formats/render.hpp"
#include "tests/reports/samples.hpp"
#include "tests/reports/sections/rating_samples.hpp"
#include "tests/support/text.hpp"

using namespace reports;
using reports_test::kHostile;

namespace {

data::Report report_of(const data::Study& study) {
    data::Report report;
    report.studies = {study, reports_test::safety_study({"115", "555", "255", "555"})};
    return report;
}

data::Study hostile_study() {
    data::Study study = reports_test::pairwise_study({"123", "444", "567", "123"});
    study.name = kHostile;
    study.variants = {kHostile, "base"};
    for (data::StudyItem& item : study.items) item.category = kHostile;
    for (data::StudyRater& rater : study.raters) rater.name = kHostile;
    study.raters[0].is_excluded = true;
    study.raters[0].reason = kHostile;
    return study;
}

}  // namespace

TEST_SUITE("reports.ratings") {
    TEST_CASE("every format has the ratings") {
        const data::Report report = report_of(reports_test::pairwise_study({"123", "444", "567", "123"}));
        for (const std::string& text :
             {formats::render_html(report), formats::render_markdown(report), formats::render_terminal(report)}) {
            CHECK(has(text, "Human ratings: helpful"));
            CHECK(has(text, "Human ratings: safe"));
            CHECK(has(text, "No difference between chat and base is shown"));
        }
        const auto document = nlohmann::json::parse(formats::render_json(report));
        REQUIRE(document.at("ratings").size() == 2);
        CHECK(document.at("ratings")[0].at("pairs")[0].at("win").at("value") == 0.5);
        CHECK(document.at("ratings")[0].at("raters").size() == 3);
        CHECK(document.at("ratings")[1].at("answers")[0].at("rate").at("value") == 0.5);
    }

    TEST_CASE("a report without a study has no ratings") {
        CHECK_FALSE(nlohmann::json::parse(formats::render_json(data::Report{})).contains("ratings"));
        CHECK_FALSE(has(formats::render_html(data::Report{}), "Human ratings"));
    }

    TEST_CASE("hostile names in a study are harmless") {
        const data::Report report = report_of(hostile_study());
        const std::string page = formats::render_html(report);
        CHECK_FALSE(has(page, "<script>alert"));
        CHECK_FALSE(has(page, "onmouseover='x'"));
        for (const std::string& text : {formats::render_markdown(report), formats::render_terminal(report)}) {
            CHECK_FALSE(has(text, "\x1B"));
            CHECK_FALSE(has(text, "\xE2\x80\xAE"));
        }
        CHECK(nlohmann::json::parse(formats::render_json(report)).is_object());
    }

    TEST_CASE("the plots tell their numbers in words") {
        const data::Report report = report_of(reports_test::pairwise_study({"123", "444", "567", "123"}));
        const std::string page = formats::render_html(report);
        CHECK(has(page, "win: 0.5000 (95 % interval"));
        CHECK(has(page, "Win rate of chat against base"));
    }
}
