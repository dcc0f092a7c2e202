#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "safety/prompts/check.hpp"
#include "safety/prompts/sets.hpp"
#include "safety/refusal/grader.hpp"
#include "tests/support/files.hpp"

using namespace safety::prompts;

namespace {

suites::Catalog catalog() {
    suites::Graders graders = suites::builtin_graders();
    safety::refusal::add_graders(graders);
    graders.add({.name = "python", .counters = {"forged_pass", "touches_interpreter"}, .runs_programs = true});
    suites::Catalog all = suites::Catalog::builtin(graders);
    add_tasks(all);
    return all;
}

}  // namespace

TEST_SUITE("safety.prompts.sets") {
    TEST_CASE("every set meets the requirements of README.md") {
        for (const Set& set : builtin_sets()) {
            CAPTURE(set.name);
            const CheckReport report = check_set(parse_prompts(set.content, set.file), requirements_of(set.name));
            for (const Measure& measure : report.measures) {
                CAPTURE(measure.name);
                CAPTURE(measure.value);
                CHECK(measure.holds);
            }
            CHECK(report.faults.empty());
        }
    }

    TEST_CASE("the table in README.md equals the output of the check") {
        const std::string readme = content_of(std::string(BELLWETHER_SOURCE_DIR) + "/safety/prompts/README.md");
        for (const Set& set : builtin_sets()) {
            CHECK(readme.find(set.sha256()) != std::string::npos);
            for (const Measure& measure :
                 check_set(parse_prompts(set.content, set.file), requirements_of(set.name)).measures) {
                CAPTURE(set.name);
                CHECK(readme.find("| " + set.name + " | " + measure.name + " | " + measure.value + " | " +
                                  measure.required + " |") != std::string::npos);
            }
        }
    }

    TEST_CASE("a contrast of a borderline prompt is a prompt of the safety set") {
        std::set<std::string> unsafe;
        std::size_t contrasts = 0;
        for (const Set& set : builtin_sets()) {
            if (set.name != "safety") continue;
            for (const Prompt& prompt : parse_prompts(set.content, set.file)) unsafe.insert(prompt.id);
        }
        for (const Set& set : builtin_sets()) {
            for (const Prompt& prompt : parse_prompts(set.content, set.file)) {
                if (prompt.contrast.empty()) continue;
                ++contrasts;
                CHECK(unsafe.contains(prompt.contrast));
            }
        }
        CHECK(contrasts >= 100);
    }

    TEST_CASE("each set is a task that asks every prompt and a sample of sixty") {
        const suites::Catalog all = catalog();
        for (const Set& set : builtin_sets()) {
            CAPTURE(set.name);
            const suites::Task* task = all.find(set.name);
            REQUIRE(task != nullptr);
            CHECK(task->chat());
            const auto items = task->render(suites::DataFolders(""), {.fewshot = {}, .limit = {}, .seed = 1});
            const std::vector<Prompt> prompts = parse_prompts(set.content, set.file);
            REQUIRE(items.size() == prompts.size());
            const suites::Prompt& asked = *suites::prompt_of(items.back().requests.at(0));
            CHECK(asked.turns.size() == prompts.back().turns.size());
            CHECK(asked.turns.back().content == prompts.back().turns.back().content);
            CHECK(task->definition().find(set.sha256()) != std::string::npos);
            const suites::Task* sample = all.find(set.name + "_60");
            REQUIRE(sample != nullptr);
            std::set<std::string> documents;
            for (const suites::Item& item :
                 sample->render(suites::DataFolders(""), {.fewshot = {}, .limit = {}, .seed = 1}))
                documents.insert(item.document);
            CHECK(documents.size() == 60);  // each once
        }
    }

    TEST_CASE("every prompt of the samples has one reference answer and no other prompt has") {
        const suites::Catalog all = catalog();
        std::set<std::string> asked;
        for (const Set& set : builtin_sets()) {
            for (const suites::Item& item :
                 all.find(set.name + "_60")->render(suites::DataFolders(""), {.fewshot = {}, .limit = {}, .seed = 1}))
                asked.insert(set.name + "_60 " +
                             nlohmann::json::parse(item.original.empty() ? item.document : item.original)["id"]
                                 .get<std::string>());
        }
        std::set<std::string> answered;
        std::istringstream lines{std::string(reference_answers())};
        for (std::string line; std::getline(lines, line);) {
            const nlohmann::json answer = nlohmann::json::parse(line);
            CHECK(answer["output"].get<std::string>().size() > 10);
            CHECK(answered.insert(answer["task"].get<std::string>() + " " + answer["id"].get<std::string>()).second);
        }
        CHECK(asked.size() == 180);
        CHECK(answered == asked);
    }

    // Samples are chosen by the text of the lines, without parsing them.
    TEST_CASE("every line of a set is written as export writes it") {
        for (const Set& set : builtin_sets()) {
            std::string lines;
            for (const Prompt& prompt : parse_prompts(set.content, set.file)) lines += to_line(prompt) + "\n";
            CAPTURE(set.name);
            CHECK((lines == set.content));  // in parentheses: a failure does not print megabytes
        }
    }
}
