#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>

#include "suites/catalog.hpp"
#include "tests/suites/definition/right_files.hpp"
#include "tests/suites/helpers.hpp"

using nlohmann::json;
using suites_test::complaint;
using suites_test::kRight;

TEST_SUITE("suites.catalog") {
    TEST_CASE("every built-in file has the name of its task and is in the profile of its name") {
        for (const suites::Task& task : suites_test::catalog().tasks()) {
            CAPTURE(task.name());
            CHECK((task.profile() == "llama2-paper") == task.name().starts_with("paper_"));
            CHECK_FALSE(task.source().empty());
            CHECK_FALSE(task.licence().empty());
        }
    }

    TEST_CASE("a definition is complete by itself") {
        for (const suites::Task& task : suites_test::catalog().tasks()) {
            const suites::Task again = suites_test::task_of(json::parse(task.definition()), task.name());
            CHECK(again.definition() == task.definition());
        }
    }

    TEST_CASE("mmlu has its 57 subjects in four groups") {
        CHECK(suites_test::select_tasks("mmlu").size() == 57);
        CHECK(suites_test::select_tasks("mmlu_stem").size() == 19);
        CHECK(suites_test::select_tasks("mmlu_humanities").size() == 13);
        CHECK(suites_test::select_tasks("mmlu_social_sciences").size() == 12);
        CHECK(suites_test::select_tasks("mmlu_other").size() == 13);
    }

    TEST_CASE("the leaderboard sets its numbers of few-shot examples") {
        std::map<std::string, std::uint32_t> shots;
        for (const suites::Task& task : suites_test::select_tasks("open-llm-leaderboard-v1"))
            shots[task.name()] = task.default_fewshot();
        CHECK(shots.size() == 62);
        CHECK(shots.at("arc_challenge") == 25);
        CHECK(shots.at("hellaswag") == 10);
        CHECK(shots.at("mmlu_virology") == 5);
        CHECK(shots.at("truthfulqa_mc2") == 0);
        CHECK(shots.at("winogrande") == 5);
        CHECK(shots.at("gsm8k") == 5);
    }

    TEST_CASE("names are looked up with near misses and each task comes once") {
        CHECK(complaint([] { suites_test::select_tasks("gsm8"); }).find("did you mean \"gsm8k\"?") !=
              std::string::npos);
        CHECK(suites_test::select_tasks("gsm8k,arc_easy,gsm8k").size() == 2);
    }

    TEST_CASE("a folder adds tasks and groups and does not replace any") {
        const suites_test::Folder folder;
        folder.write("mine.json", kRight.at("choice").dump());
        folder.write(
            "set.json",
            R"({"group": "own-set", "profile": "own", "description": "d", "weighting": "none", "members": ["mine", "demo_facts"]})");
        suites::Catalog catalog = suites::Catalog::builtin(suites_test::graders());
        catalog.add_folder(folder.path());
        CHECK(catalog.select("own-set").size() == 2);
        CHECK(complaint([&] { catalog.add_folder(folder.path()); }).find("already") != std::string::npos);
        folder.write("other.json", R"({"extends": "gsm8k", "version": 9})");
        std::filesystem::remove(folder.path("mine.json"));
        std::filesystem::remove(folder.path("set.json"));
        CHECK(complaint([&] { catalog.add_folder(folder.path()); }).find("field \"name\" is 'gsm8k'") !=
              std::string::npos);
    }
}
