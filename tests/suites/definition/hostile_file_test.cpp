#include <doctest/doctest.h>

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>

#include "suites/catalog.hpp"
#include "tests/suites/definition/right_files.hpp"
#include "tests/suites/helpers.hpp"

using nlohmann::json;
using suites_test::complaint;
using suites_test::kRight;

TEST_SUITE("suites.task file") {
    TEST_CASE("a user's patterns and templates cannot hang a run") {
        const auto start = std::chrono::steady_clock::now();
        json file = kRight.at("generate");
        file["filters"][0]["pattern"] = "(a*)*(a|aa)+(a|a?)+$";
        const suites::Task evil = suites_test::task_of(file, "mine.json");
        suites::Item item;
        item.reference = "x";
        suites_test::grade(evil, item, {{.logprob = 0, .greedy = false, .output = std::string(20000, 'a') + "b"}});

        file["filters"][0]["pattern"] = "((a{100}){100}){100}";
        CHECK(complaint([&] { suites_test::task_of(file, "mine.json"); }).find("\"pattern\"") != std::string::npos);

        // Twenty fields that double each other would be a terabyte.
        const suites_test::Folder folder;
        folder.write("mine/test.jsonl", "{\"question\": \"" + std::string(100000, 'q') + "\", \"answer\": \"a\"}\n");
        file = kRight.at("generate");
        std::string before = "question";
        for (char name = 'a'; name <= 't'; ++name) {
            file["fields"][std::string(1, name)] = fmt::format("{{{{{0}}}}}{{{{{0}}}}}", before);
            before = std::string(1, name);
        }
        file["prompt"] = "{{" + before + "}}";
        const suites::Task growing = suites_test::task_of(file, "mine.json");
        CHECK(complaint([&] {
                  growing.render(folder.path(), {.fewshot = {}, .limit = {}, .seed = 1});
              }).find("16 MiB") != std::string::npos);
        CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
    }

    TEST_CASE("values that multiply in a file give an error before memory runs out") {
        const auto start = std::chrono::steady_clock::now();
        // A thousand subtasks, each of which would have a gigabyte.
        json family = kRight.at("family");
        std::string many;
        for (int i = 0; i < 100000; ++i) many += "{{big}}";
        family["preamble"] = many;
        family["subtasks"] = json::array();
        for (int i = 0; i < 1000; ++i)
            family["subtasks"].push_back({{"subtask", "s" + std::to_string(i)}, {"big", std::string(10000, 'x')}});
        CHECK(complaint([&] { suites_test::catalog().check(family, "mine.json"); }).find("64 MiB") !=
              std::string::npos);
        // Groups of groups: 20 to the power of 8 members.
        suites::Catalog catalog = suites::Catalog::builtin(suites_test::graders());
        const auto group = [&](const std::string& name, const json& members) {
            catalog.add_file(name,
                             {{"group", name},
                              {"profile", "own"},
                              {"description", "d"},
                              {"weighting", "members"},
                              {"members", members}},
                             name + ".json");
        };
        for (int level = 0; level < 8; ++level) {
            json members = json::array();
            if (level == 0) members.push_back("arc_easy");
            for (int i = 0; level > 0 && i < 20; ++i)
                members.push_back("g" + std::to_string(level - 1) + "-" + std::to_string(i));
            for (int i = 0; i < 20; ++i) group("g" + std::to_string(level) + "-" + std::to_string(i), members);
        }
        CHECK(complaint([&] { catalog.check_groups(); }).find("nested groups") != std::string::npos);
        // Fields that are each a third of what a template may be; a prompt for each of a thousand samples.
        const suites_test::Folder folder;
        folder.write("mine/test.jsonl", "{\"question\": \"" + std::string(6000000, 'q') + "\", \"answer\": \"a\"}\n");
        json wide = kRight.at("generate");
        for (int i = 0; i < 1000; ++i) wide["fields"]["f" + std::to_string(i)] = "{{question}}";
        json samples = kRight.at("generate");
        samples.merge_patch({{"repeats", 1000}, {"temperature", 1}});
        for (const json& file : {wide, samples}) {
            const std::string message = complaint([&] {
                suites_test::task_of(file, "mine.json").render(folder.path(), {.fewshot = {}, .limit = {}, .seed = 1});
            });
            CAPTURE(message);
            CHECK(message.find("MiB") != std::string::npos);
        }
        CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
    }

    TEST_CASE("text that is too deep or contains a NUL is refused") {
        const std::string deep = "{\"x\": " + std::string(1000000, '[') + std::string(1000000, ']') + "}";
        CHECK(complaint([&] { suites::parse_definition(deep, "mine.json"); }).find("levels deep") != std::string::npos);
        const std::string with_nul = kRight.at("choice").dump() + std::string(1, '\0');
        CHECK(complaint([&] { suites::parse_definition(with_nul, "mine.json"); }).find("NUL") != std::string::npos);
        CHECK(complaint([] {
                  suites::parse_definition(R"({"version": 1e400})", "mine.json");
              }).find("mine.json: not JSON") == 0);
        CHECK(complaint([] { suites::read_definition("/dev/zero"); }).find("no such file") != std::string::npos);
    }
}
