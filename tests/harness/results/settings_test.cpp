#include "harness/results/settings.hpp"

#include <doctest/doctest.h>

using namespace harness;
using reports::data::Settings;

TEST_SUITE("results.settings") {
    TEST_CASE("a plan's settings have display names and unknown ones their own") {
        store::RunRow run;
        run.plan_json = R"({"variant": "m", "model": "f", "bos": "none", "temperature": 0.699999988079071, "chat": true,
                           "seed": 1234, "device": "gpu", "rope_base": [1, 2], "tasks": [{"definition": "{}"}]})";
        CHECK(results::run_settings(run) == Settings{{"device", "gpu"},
                                                     {"BOS", "none"},
                                                     {"every prompt in chat", "yes"},
                                                     {"chat format", "llama2"},
                                                     {"few-shot seed", "1234"},
                                                     {"temperature", "0.7"},
                                                     {"rope base", "[1,2]"}});
    }

    TEST_CASE("numbers of a setting have the shortest text that identifies them") {
        const auto shown = [](const char* number) {
            store::RunRow run;
            run.plan_json = std::string(R"({"temperature": )") + number + "}";
            return results::run_settings(run).at(0).value;
        };
        CHECK(shown("0.5") == "0.5");
        CHECK(shown("0.5000001192092896") == "0.5000001");  // the next number in single precision is 0.50000006
        CHECK(shown("0.9999998807907104") == "0.9999999");
        CHECK(shown("1.0") == "1");
        CHECK(shown("0.1") == "0.1");
        CHECK(shown("1e300") == "1e+300");
    }

    TEST_CASE("the chat format is the plan's or Llama 2's where prompts are in chat") {
        const auto format = [](const char* plan) {
            store::RunRow run;
            run.plan_json = plan;
            for (const reports::data::Setting& setting : results::run_settings(run)) {
                if (setting.name == "chat format") return setting.value;
            }
            return std::string("none");
        };
        CHECK(format(R"({"chat": true, "chat_format": "chatml"})") == "chatml");
        CHECK(format(R"({"chat": false, "chat_format": "plain"})") == "plain");
        CHECK(format(R"({"chat": false, "tasks": [{"definition": "{\"chat\": true}"}]})") == "llama2");
        CHECK(format(R"({"chat": false, "tasks": [{"definition": "{}"}, 7]})") == "none");
        CHECK(format(R"({"import": "a log"})") == "none");
    }

    TEST_CASE("the stored columns of a run override its plan and the engine's warnings are read") {
        store::RunRow run;
        run.plan_json = R"({"device": "as planned", "seed": 1})";
        run.settings_json = R"({"seed": 2})";
        run.device = "gpu";
        run.numerics = "exact-4";
        run.engine_version = "0.2.0";
        run.warnings_json = R"(["rope.x is not known", 7])";
        CHECK(
            results::run_settings(run) ==
            Settings{{"device", "gpu"}, {"numerics", "exact-4"}, {"engine version", "0.2.0"}, {"few-shot seed", "2"}});
        CHECK(results::model_warnings(run) == std::vector<std::string>{"rope.x is not known", "7"});
        run.warnings_json = "{";
        CHECK(results::model_warnings(run).empty());
    }

    TEST_CASE("a task's own system prompt is one of its settings unless the command line's replaces it") {
        const auto settings = [](const std::string& of_run, const std::string& of_task) {
            store::RunRow run;
            run.plan_json =
                "{" + of_run + R"(, "tasks": [{"definition": "{\"system\": \"Be brief.\")" + of_task + R"(}"},
                            {"definition": "{}"}]})";
            return std::pair(results::run_settings(run), results::task_settings(run, 0));
        };
        const Settings own = {{"system prompt", "Be brief."}};
        const std::string chat = R"(, \"chat\": true)";
        CHECK(settings(R"("system": "")", chat) == std::pair(Settings{{"system prompt", "the tasks' own"}}, own));
        const auto [of_run, of_task] = settings(R"("chat": true, "system": "")", "");
        CHECK(of_task == own);
        CHECK(of_run == Settings{{"every prompt in chat", "yes"},
                                 {"chat format", "llama2"},
                                 {"system prompt", "the tasks' own"}});
        CHECK(settings(R"("system": "Be kind.")", chat).first.back() ==
              reports::data::Setting{"system prompt", "Be kind."});
        CHECK(settings(R"("system": "Be kind.")", chat).second.empty());
        CHECK(settings(R"("system": "", "no_system": true)", chat).second.empty());
        CHECK(settings(R"("system": "Be kind.")", "").second == own);  // not in chat: the option has no effect
        store::RunTaskRow task;
        task.definition_json = R"({"system": "Be brief."})";
        CHECK(results::definition_fields(task).empty());
    }

    TEST_CASE("a task's settings are the hash of its requests and fields that later builds add") {
        store::RunRow run;
        run.plan_json =
            R"({"tasks": [{"definition": "{}", "fewshot": 5, "requests": "0123456789abcdef", "limit": 7}]})";
        CHECK(results::task_settings(run, 0) ==
              Settings{{"limit", "7"}, {"hash of prompts and documents", "0123456789ab"}});
        CHECK(results::task_settings(run, 1).empty());
    }

    TEST_CASE("all fields of a definition are read whatever they are") {
        store::RunTaskRow task;
        task.definition_json = R"({"kind": "choice", "choices": [" a"], "field_of_tomorrow": {"x": null}})";
        CHECK(results::definition_fields(task) ==
              Settings{{"choices", "[\" a\"]"}, {"field_of_tomorrow", "{\"x\":null}"}, {"kind", "choice"}});
    }

    TEST_CASE("damaged plans and definitions have no settings and are no error") {
        store::RunRow run;
        store::RunTaskRow task;
        for (const char* damaged : {"", "{", "[]", "7", "{\"tasks\": 7}", "{\"tasks\": [7]}"}) {
            CAPTURE(std::string(damaged));
            run.plan_json = task.definition_json = damaged;
            CHECK(results::run_settings(run).empty());
            CHECK(results::task_settings(run, 0).empty());
        }
        task.definition_json = "[[[[";
        CHECK(results::definition_fields(task).empty());
    }
}
