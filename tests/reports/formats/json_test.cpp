#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "reports/formats/render.hpp"
#include "tests/reports/samples.hpp"

using namespace reports::data;
using namespace reports::formats;
using namespace reports_test;
using nlohmann::json;

namespace {

std::vector<std::string> keys(const json& object) {
    std::vector<std::string> names;
    for (const auto& [name, value] : object.items()) names.push_back(name);
    return names;
}

bool is_ascii(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

TEST_SUITE("reports.json") {
    TEST_CASE("a run has the promised keys and numbers") {
        TaskView view = task("arc", {metric("acc", marks("1111111100"), 0.1333)});
        view.fewshot = 5;
        view.errors = 2;
        const std::string text = render_run_json({{run(7, "demo:chat", {view})}});
        CHECK(text.find('\n') == std::string::npos);
        const json document = json::parse(text);
        CHECK(keys(document) == std::vector<std::string>{"complete", "created", "fingerprint", "groups", "licence",
                                                         "model", "run", "settings", "tasks", "warnings"});
        CHECK(document["run"] == 7);
        CHECK(document["model"] == "demo:chat");
        const json& first = document["tasks"].at(0);
        CHECK(keys(first) == std::vector<std::string>{"counters", "error_reasons", "errors", "fewshot", "items",
                                                      "metrics", "planned", "profile", "settings", "task", "version"});
        CHECK(first["task"] == "arc");
        CHECK(first["profile"] == "lmeval");
        CHECK(first["fewshot"] == 5);
        CHECK(first["items"] == 10);
        CHECK(first["errors"] == 2);
        const json& values = first["metrics"].at(0);
        CHECK(keys(values) == std::vector<std::string>{"ci95", "name", "stderr", "value"});
        CHECK(values["name"] == "acc");
        CHECK(values["value"] == doctest::Approx(0.8));
        CHECK(values["stderr"] == doctest::Approx(0.1333));
        CHECK(values["ci95"].at(0) == doctest::Approx(0.49016).epsilon(0.0001));
        CHECK(values["ci95"].at(1) == doctest::Approx(0.94332).epsilon(0.0001));
    }

    TEST_CASE("an unfinished run says so") {
        RunView view = run(7, "a", {task("arc", {metric("acc", marks("10"))})});
        CHECK(json::parse(render_run_json({{view}}))["complete"] == true);
        view.complete = false;
        view.tasks[0].planned = 8;
        const json document = json::parse(render_run_json({{view}}));
        CHECK(document["complete"] == false);
        CHECK(document["tasks"].at(0)["items"] == 2);
        CHECK(document["tasks"].at(0)["planned"] == 8);
    }

    TEST_CASE("a run has its groups and its counters") {
        RunView view = run(7, "a", {task("arc", {metric("acc", marks("10"))})});
        view.tasks[0].counters = {{"empty_output", 1}, {"length_limited", 0}};
        view.groups = {{"sums", "lmeval", "members", 0.25, 0.125, Interval{0.125, 0.5}, 2, {"gsm8k"}}};
        const json document = json::parse(render_run_json({{view}}));
        CHECK(document["tasks"].at(0)["counters"] == json{{"empty_output", 1}, {"length_limited", 0}});
        CHECK(document["groups"].at(0) == json{{"group", "sums"},
                                               {"profile", "lmeval"},
                                               {"mean_over", "members"},
                                               {"items", 2},
                                               {"value", 0.25},
                                               {"stderr", 0.125},
                                               {"ci95", {0.125, 0.5}},
                                               {"missing", {"gsm8k"}}});
    }

    TEST_CASE("a comparison has runs and differences and tasks that are not compared") {
        const std::vector<RunView> runs = {run(1, "a", {task("arc", {metric("acc", marks("1010"))})}),
                                           run(2, "b", {task("arc", {metric("acc", marks("1110"))}), task("new", {})})};
        const json document = json::parse(render_json({runs}));
        CHECK(keys(document) == std::vector<std::string>{"breakdowns", "differences", "not_compared", "runs",
                                                         "settings_that_differ", "verdict"});
        REQUIRE(document["runs"].size() == 2);
        json shown = document["runs"][1];
        for (const char* more : {"command", "command_remark", "cost"}) CHECK(shown.erase(more) == 1);
        CHECK(shown == json::parse(render_run_json({{runs[1]}})));
        const json& difference = document["differences"].at(0);
        CHECK(keys(difference) == std::vector<std::string>{"base", "ci95", "difference", "items", "mcnemar_p", "metric",
                                                           "minimum_detectable", "only_base", "only_run", "run",
                                                           "stderr", "task", "verdict"});
        CHECK(difference["base"] == 1);
        CHECK(difference["run"] == 2);
        CHECK(difference["items"] == 4);
        CHECK(difference["difference"] == 0.25);
        CHECK(difference["stderr"] == doctest::Approx(0.25));
        CHECK(difference["mcnemar_p"] == 1);
        CHECK(difference["only_base"] == 0);
        CHECK(difference["only_run"] == 1);
        CHECK(difference["verdict"] == "not significant");
        const json& left_out = document["not_compared"].at(0);
        CHECK(left_out["task"] == "new");
        CHECK(left_out["metric"].is_null());
        CHECK(left_out["reason"] == "only b (run 2) has this task");
    }

    TEST_CASE("hostile names come back from the JSON and reach a terminal as ASCII") {
        const std::string name = "a\x1B[31m\xE2\x80\xAE \xC2\x9B </script> \"\\\n";
        const std::string text = render_run_json({{run(1, name, {task(name, {})})}});
        CHECK(is_ascii(text));
        CHECK(text.find('\x1B') == std::string::npos);
        CHECK(json::parse(text)["model"] == name);
        CHECK(json::parse(text)["tasks"][0]["task"] == name);
        const std::string broken = render_json({{run(1, kHostile, {task(kHostile, {metric(kHostile, marks("1"))})})}});
        CHECK(is_ascii(broken));
        CHECK(json::parse(broken)["runs"].size() == 1);
    }

    TEST_CASE("values that one item does not determine are null") {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        MetricValues broken = metric("nothing", marks("--"), nan);
        broken.value = nan;
        const json metrics = json::parse(
            render_run_json({{run(1, "a", {task("t", {metric("f1", {0.5}, 0), broken})})}}))["tasks"][0]["metrics"];
        CHECK(metrics[0]["value"] == 0.5);
        CHECK(metrics[0]["stderr"].is_null());
        CHECK(metrics[0]["ci95"].is_null());
        CHECK(metrics[1]["value"].is_null());
        CHECK(json::parse(render_json(Report{}))["runs"].empty());
    }
}
