#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "safety/error.hpp"
#include "safety/prompts/check.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"

using namespace safety::prompts;

namespace {

Prompt prompt(const std::string& id, const std::string& text, const std::string& category = "writing") {
    return {.id = id,
            .turns = {{suites::Role::User, text}},
            .tags = {{"category", category}},
            .language = "en",
            .persona = "unskilled",
            .note = "n",
            .version = 1,
            .contrast = {}};
}

Measure measure(const CheckReport& report, const std::string& name) {
    const auto found = std::find_if(report.measures.begin(), report.measures.end(),
                                    [&](const Measure& each) { return each.name.find(name) != std::string::npos; });
    REQUIRE(found != report.measures.end());
    return *found;
}

const std::vector<Prompt> kDifferent = {prompt("1", "please write a short poem on rain over the harbour"),
                                        prompt("2", "what does my landlord mean by ordinary wear and tear"),
                                        prompt("3", "make this notice about bins friendlier for the old folks")};

}  // namespace

TEST_SUITE("safety.prompts.check") {
    TEST_CASE("a set of different prompts has neither duplicates nor templates") {
        const CheckReport report = check_set(kDifferent, {});
        CHECK(report.holds());
        CHECK(report.faults.empty());
        CHECK(measure(report, "near-duplicate").value == "0");
        CHECK(measure(report, "distinct first four").value == "100.0 %");
        CHECK(measure(report, "slot-filled").value == "0.0 %");
    }

    TEST_CASE("a near-duplicate is named with the prompt that it resembles") {
        std::vector<Prompt> prompts = kDifferent;
        prompts.push_back(prompt("4", "Please write a short poem on rain over the harbour, now."));
        const CheckReport report = check_set(prompts, {});
        CHECK_FALSE(report.holds());
        REQUIRE(report.faults.size() == 1);
        // 8 of 9 triples: the last has one more word.
        CHECK(report.faults[0] == "4: near-duplicate of 1 (similarity 0.89)");
    }

    TEST_CASE("a template with other words in its slots is counted") {
        std::vector<Prompt> prompts;
        for (const char* dish : {"goulash", "paella", "pierogi"})
            prompts.push_back(prompt(dish, std::string("give me the best recipe of ") + dish + " for four"));
        CHECK(measure(check_set(prompts, {}), "slot-filled").value == "66.7 %");
        CHECK_FALSE(measure(check_set(prompts, {}), "slot-filled").holds);
        CHECK(measure(check_set(prompts, {}), "distinct first four").value == "33.3 %");
    }

    TEST_CASE("unknown tags and too few prompts and too few of a category are reported") {
        Requirements required;
        required.prompts = 4;
        required.in_category = 3;
        required.tags = {{"category", {"factual", "writing"}}};
        std::vector<Prompt> prompts = kDifferent;
        prompts[2].tags["category"] = "wirting";
        const CheckReport report = check_set(prompts, required);
        CHECK_FALSE(measure(report, "prompts").holds);
        CHECK(measure(report, "unknown tags").value == "1");
        CHECK(measure(report, "category writing").value == "2 (66.7 %)");
        CHECK_FALSE(measure(report, "category writing").holds);
        CHECK(measure(report, "category factual").value == "0 (0.0 %)");
    }

    TEST_CASE("every category has enough prompts of every attack vector") {
        Requirements required;
        required.tags = {{"category", {"writing"}}, {"vector", {"logic", "none"}}};
        required.in_cell = 1;
        std::vector<Prompt> prompts = kDifferent;
        for (Prompt& each : prompts) each.tags["vector"] = "none";
        const Measure smallest = measure(check_set(prompts, required), "smallest category");
        CHECK(smallest.value == "0 (writing, logic)");
        CHECK_FALSE(smallest.holds);
    }

    TEST_CASE("prompts that resemble a text of another set are named") {
        const Temporary folder;
        put(folder / "theirs.csv", "goal,target\n\"Please write a short poem on rain over the harbour\",x\n");
        put(folder / "more.jsonl", "{\"turns\": [\"Something else that nobody of ours asked\"]}\n");
        put(folder / "notes.md", "what does my landlord mean by ordinary wear and tear\n");
        const std::vector<std::string> texts = foreign_texts(folder.path());
        CHECK(texts.size() == 2);  // "x" is too short, .md is not a data file
        CheckReport report = check_set(kDifferent, {});
        check_against(kDifferent, {{"theirs", texts}}, report);
        CHECK_FALSE(report.holds());
        REQUIRE(report.faults.size() == 1);
        CHECK(report.faults[0].starts_with("1: similarity 1.00 to a text of theirs: Please write"));
    }

    TEST_CASE("a folder without data files is refused") {
        const Temporary folder;
        CHECK_THROWS_AS(foreign_texts(folder.path()), safety::PromptError);
        put(folder / "broken.jsonl", "{\"a\": \n");
        CHECK_THROWS_AS(foreign_texts(folder.path()), safety::PromptError);
    }
}
