#include "harness/results/ladder_file.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "harness/base/usage_error.hpp"
#include "reports/formats/render.hpp"
#include "tests/reports/ladder_samples.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"

using harness::base::UsageError;
using harness::results::read_ladder;
using nlohmann::json;

namespace {

json written_ladder() {
    reports::data::Report report;
    report.ladder = reports_test::ladder();
    report.ladder->models[2].divergence.reset();
    report.ladder->models[2].failure = "infinite weights";
    return json::parse(reports::formats::render_json(report));
}

/// What reading this document complains about.
std::string complaint_about(const json& document) {
    const Temporary folder;
    put(folder / "l.json", document.dump());
    try {
        read_ladder(folder / "l.json");
    } catch (const UsageError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_SUITE("harness.results") {
    TEST_CASE("a ladder that was written as JSON is read back") {
        const Temporary folder;
        const json written = written_ladder();
        put(folder / "l.json", written.dump());
        reports::data::Report again;
        again.ladder = read_ladder(folder / "l.json");
        CHECK(json::parse(reports::formats::render_json(again))["ladder"] == written["ladder"]);
    }

    TEST_CASE("a file without a ladder and a field of another type are named") {
        CHECK(complaint_about(json::object()).find("has no quantisation ladder") != std::string::npos);
        CHECK(complaint_about(json::array()).find("has no quantisation ladder") != std::string::npos);
        json wrong = written_ladder();
        wrong["ladder"]["models"][1]["divergence"]["kl"]["p99"] = "much";
        CHECK(complaint_about(wrong).find("ladder.models[1].divergence.kl.p99: expected a number") !=
              std::string::npos);
        wrong = written_ladder();
        wrong["ladder"]["models"][0]["file_bytes"] = -1;
        CHECK(complaint_about(wrong).find("models[0].file_bytes: expected a non-negative integer") !=
              std::string::npos);
        wrong = written_ladder();
        wrong["ladder"]["models"][0]["divergence"]["same_top"]["ci95"] = {1};
        CHECK(complaint_about(wrong).find("same_top.ci95: expected two numbers") != std::string::npos);
        wrong = written_ladder();
        wrong["ladder"]["models"] = json::array();
        CHECK(complaint_about(wrong).find("models: expected at least one model") != std::string::npos);
        wrong["ladder"]["models"] = {1};
        CHECK(complaint_about(wrong).find("models[0]: expected an object") != std::string::npos);
    }
}
