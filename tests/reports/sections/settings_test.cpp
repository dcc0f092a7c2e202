#include "reports/sections/settings.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "reports/formats/render.hpp"
#include "tests/reports/samples.hpp"

using namespace reports::data;
using namespace reports::formats;
using namespace reports::sections;
using namespace reports_test;
using nlohmann::json;

namespace {

RunView with(std::int64_t id, const Settings& settings, const Settings& definition = {}) {
    RunView view = run(id, "m", {task("words", {metric("acc", marks("1100"))})});
    view.settings = settings;
    view.tasks[0].definition = definition;
    return view;
}

}  // namespace

TEST_SUITE("reports.settings") {
    TEST_CASE("a setting that differs or that one run lacks is found but not an equal one") {
        const auto found = setting_differences({with(1, {{"seed", "1"}, {"BOS", "model"}, {"chat format", "llama-2"}}),
                                                with(2, {{"seed", "2"}, {"BOS", "model"}})});
        REQUIRE(found.size() == 2);
        CHECK(found[0].name == "seed");
        CHECK(found[0].task == "");
        CHECK(found[0].values == std::vector<std::optional<std::string>>{"1", "2"});
        CHECK(found[1].name == "chat format");
        CHECK(found[1].values[1] == std::nullopt);
    }

    TEST_CASE("tasks of both runs are compared by definition and number of few-shot examples") {
        RunView first = with(1, {}, {{"prompt", "Q: {{q}}"}, {"kind", "choice"}});
        RunView second = with(2, {}, {{"prompt", "Question: {{q}}"}, {"kind", "choice"}});
        second.tasks[0].fewshot = 5;
        second.tasks.push_back(task("other", {}));
        const auto found = setting_differences({first, second});
        REQUIRE(found.size() == 2);
        CHECK(found[0].name == "few-shot examples");
        CHECK(found[1].name == "task definition: prompt");
        CHECK(found[1].task == "words");
    }

    TEST_CASE("long values are shortened around the place where they differ") {
        const std::string same(200, 'x');
        const Table table = setting_difference_table(
            {with(1, {{"system prompt", same + "ONE" + same}}), with(2, {{"system prompt", same + "TWO" + same}})});
        REQUIRE(table.rows.size() == 2);
        CHECK(table.rows[0][3] == "...\"" + std::string(30, 'x') + "ONE" + std::string(47, 'x') + "\"...");
        CHECK(table.rows[1][3].find("TWO") != std::string::npos);
    }

    TEST_CASE("a setting of many tasks is one row for each run") {
        RunView first = run(1, "m", {task("a", {}), task("b", {}), task("c", {})});
        RunView second = first;
        second.id = 2;
        for (TaskView& view : second.tasks) view.settings = {{"limit", "10"}};
        const Table table = setting_difference_table({first, second});
        REQUIRE(table.rows.size() == 2);
        CHECK(table.rows[0][0] == "a and 2 more");
        CHECK(table.rows[0][3] == "–");
        CHECK(table.rows[1][3] == "10");
    }

    TEST_CASE("runs of a list are distinguished by differing settings or else by hashes") {
        const auto texts = distinguishing_texts({with(1, {{"seed", "1"}, {"BOS", "model"}}, {{"prompt", "Q: {{q}}"}}),
                                                 with(2, {{"seed", "2"}, {"BOS", "model"}}, {{"prompt", "{{q}}"}})});
        CHECK(texts == std::vector<std::string>{"seed 1, prompt Q: {{q}}", "seed 2, prompt {{q}}"});
        RunView first = with(1, {});
        RunView second = with(2, {});
        first.tasks[0].settings = {{"hash of prompts and documents", "aa"}};
        second.tasks[0].settings = {{"hash of prompts and documents", "bb"}};
        CHECK(distinguishing_texts({first, second})[1] == "hash of prompts and documents bb");
        CHECK(distinguishing_texts({first, first})[0] == "");
        const Settings many = {{"a", "1"}, {"b", "1"}, {"c", "1"}, {"d", "1"}, {"e", "1"}};
        CHECK(distinguishing_texts({with(1, many), with(2, {})})[0] == "a 1, b 1, c 1 and 2 more");
    }

    TEST_CASE("a list leaves out settings that most runs have and uses hashes if no other setting differs") {
        std::vector<RunView> runs;
        for (const char* seed : {"1", "1", "7", "1"}) {
            runs.push_back(with(static_cast<std::int64_t>(runs.size()) + 1, {{"seed", seed}, {"top-k", "0"}}));
            runs.back().tasks[0].settings = {{"hash of prompts and documents", "aa"}};
        }
        runs[1].settings[1].value = "5";
        runs[3].tasks[0].settings[0].value = "bb";
        CHECK(distinguishing_texts(runs) ==
              std::vector<std::string>{"", "top-k 5", "seed 7", "hash of prompts and documents bb"});
    }

    TEST_CASE("models of one name are distinguished by their files but logs are not") {
        RunView first = with(1, {});
        RunView second = with(2, {});
        first.fingerprint = "0123456789abcdef";
        second.fingerprint = "fedcba9876543210";
        const auto found = setting_differences({first, second});
        REQUIRE(found.size() == 1);
        CHECK(found[0].name == "model file");
        CHECK(found[0].values == std::vector<std::optional<std::string>>{"0123456789ab", "fedcba987654"});
        RunView other = second;
        other.variant = "another name";
        CHECK(setting_differences({first, other}).empty());
        second.imported = true;
        CHECK(setting_differences({first, second}).empty());
        second = first;
        second.id = 2;
        CHECK(setting_differences({first, second}).empty());
    }

    TEST_CASE("a log differs in settings that it has but not in missing ones") {
        RunView ours = with(1, {{"seed", "1"}, {"device", "gpu"}}, {{"prompt", "{{q}}"}, {"kind", "choice"}});
        RunView log = with(2, {{"seed", "2"}}, {{"kind", "generate"}});
        log.imported = true;
        log.tasks[0].fewshot = 5;
        std::vector<std::string> names;
        for (const SettingDifference& one : setting_differences({ours, log})) names.push_back(one.name);
        CHECK(names == std::vector<std::string>{"seed", "few-shot examples"});
        RunView other = log;
        other.tasks[0].definition[0].value = "choice";
        CHECK(setting_differences({log, other}).at(0).name == "task definition: kind");
        const Table table = settings_table({log, ours});
        CHECK(table.heading == "Settings of m (run 1)");
        CHECK(table.rows == std::vector<std::vector<std::string>>{{"seed", "1"}, {"device", "gpu"}});
        CHECK(settings_table({log}).rows.empty());
    }

    TEST_CASE("settings of single tasks are shown with the runs' own and those that differ above the differences") {
        RunView first = run(1, "m", {task("a", {metric("acc", marks("1100"))}), task("b", {}), task("c", {})});
        first.settings = {{"seed", "1"}};
        for (TaskView& view : first.tasks)
            view.settings = {{"system prompt", "S"}, {"hash of prompts and documents", "aa"}};
        first.tasks[2].settings = {{"system prompt", "T"}};
        CHECK(settings_table({first}).rows ==
              std::vector<std::vector<std::string>>{
                  {"seed", "1"}, {"system prompt of a and 1 more", "S"}, {"system prompt of c", "T"}});
        RunView second = first;
        second.id = 2;
        second.tasks[0].settings[0].value = "other";
        CHECK(settings_table({first, second}).rows.at(1).at(0) == "system prompt of b");
        const Report report{.runs = {first, second}};
        for (const std::string& text : {render_terminal(report), render_markdown(report), render_html(report)}) {
            CAPTURE(text);
            CHECK(text.find("other") < text.find("Paired differences"));
            CHECK(text.find("system prompt of c") != std::string::npos);
        }
        CHECK(json::parse(render_json(report))["settings_that_differ"] ==
              json::array({{{"task", "a"}, {"setting", "system prompt"}, {"values", {"S", "other"}}}}));
    }

    TEST_CASE("every format shows differing settings before the differences and also the shared ones") {
        const Report report{
            .runs = {with(1, {{"seed", "1"}, {"device", "gpu"}}), with(2, {{"seed", "2"}, {"device", "gpu"}})}};
        for (const std::string& text : {render_terminal(report), render_markdown(report), render_html(report)}) {
            CAPTURE(text);
            const std::size_t settings = text.find("Settings that differ");
            CHECK(settings != std::string::npos);
            CHECK(settings < text.find("Paired differences"));
            CHECK(text.find("gpu") != std::string::npos);
        }
        const json document = json::parse(render_json(report));
        CHECK(document["settings_that_differ"] ==
              json::array({{{"task", nullptr}, {"setting", "seed"}, {"values", {"1", "2"}}}}));
        CHECK(document["runs"][1]["settings"] == json{{"seed", "2"}, {"device", "gpu"}});
        CHECK(json::parse(render_run_json({{report.runs[0]}}))["settings"]["seed"] == "1");
        CHECK(render_terminal({{report.runs[0]}}).find("Settings\n") != std::string::npos);
    }

    TEST_CASE("runs with the same settings have none that differ") {
        const Report report{.runs = {with(1, {{"seed", "1"}}), with(2, {{"seed", "1"}})}};
        CHECK(render_terminal(report).find("Settings that differ") == std::string::npos);
        CHECK(render_terminal(report).find("Settings of all runs") != std::string::npos);
        CHECK(json::parse(render_json(report))["settings_that_differ"].empty());
    }
}
