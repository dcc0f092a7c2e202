#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/suites/helpers.hpp"

using nlohmann::json;
using suites_test::complaint;

namespace {

const json kTask = json::parse(
    R"({"name": "own", "version": 1, "profile": "own", "kind": "generate", "chat": true, "description": "d", "source": "s",
    "licence": "l", "citation": "c", "data": {"test": ["own.jsonl"]}, "conversation": "turns", "grader": "none", "metrics": ["toxicity"]})");

std::vector<suites::Item> rendered(const std::string& rows, const json& changes = json::object()) {
    const suites_test::Folder folder;
    folder.write("own.jsonl", rows);
    json task = kTask;
    task.merge_patch(changes);
    return suites_test::task_of(task).render(folder.path(), {.fewshot = {}, .limit = {}, .seed = 1});
}

std::string refused(const std::string& turns) {
    return complaint([&] { rendered("{\"turns\": " + turns + "}\n"); });
}

}  // namespace

TEST_SUITE("suites.conversation") {
    TEST_CASE("a conversation keeps its turns and is never cut") {
        const auto items = rendered(
            R"({"turns": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes?"}, {"role": "user", "content": "Why {{x}}?"}]})"
            "\n");
        const suites::Prompt& prompt = *suites::prompt_of(items.at(0).requests.at(0));
        REQUIRE(prompt.turns.size() == 3);
        CHECK(prompt.turns[0].content == "Hi");
        CHECK(prompt.turns[1].role == suites::Role::Assistant);
        CHECK(prompt.turns[2].role == suites::Role::User);
        CHECK(prompt.turns[2].content == "Why {{x}}?");
        // None of it may be cut.
        CHECK(prompt.question_bytes == suites::plain_text(prompt.turns).size());
    }

    TEST_CASE("a task's system prompt precedes the conversation") {
        const auto items =
            rendered("{\"turns\": [{\"role\": \"user\", \"content\": \"Hi\"}]}\n", {{"system", "Be kind."}});
        const suites::Prompt& prompt = *suites::prompt_of(items.at(0).requests.at(0));
        REQUIRE(prompt.turns.size() == 2);
        CHECK(prompt.turns[0].role == suites::Role::System);
        CHECK(prompt.turns[0].content == "Be kind.");
    }

    TEST_CASE("turns that are not a conversation are refused with row and turn") {
        CHECK(refused("[]").find("own.jsonl: row 1: document 0: \"turns\" is not a list of turns") !=
              std::string::npos);
        CHECK(refused("\"Hi\"").find("is not a list of turns") != std::string::npos);
        CHECK(refused(R"([{"role": "user"}])").find("turn 1 of \"turns\" has no \"role\" and \"content\"") !=
              std::string::npos);
        CHECK(refused(R"([{"role": "assistant", "content": "a"}])")
                  .find("turn 1 of \"turns\" must have the role \"user\"") != std::string::npos);
        CHECK(refused(R"([{"role": "user", "content": "a"}, {"role": "user", "content": "b"}])")
                  .find("turn 2 of \"turns\" must have the role \"assistant\"") != std::string::npos);
        CHECK(refused(R"([{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}])")
                  .find("the last turn of \"turns\" is not the user's") != std::string::npos);
        CHECK(refused(R"([{"role": "user", "content": 3}])").find("has no text in \"content\"") != std::string::npos);
        CHECK(refused(R"([{"role": "user", "content": ""}])").find("has no text in \"content\"") != std::string::npos);
    }

    TEST_CASE("a task with a conversation has neither a prompt nor few-shot examples") {
        const auto mistake = [](const json& changes) {
            json task = kTask;
            task.merge_patch(changes);
            return complaint([&] { suites_test::task_of(task); });
        };
        CHECK(mistake({{"prompt", "{{q}}"}}).find("\"prompt\"") != std::string::npos);
        CHECK(mistake({{"preamble", "Answer."}}).find("\"preamble\"") != std::string::npos);
        CHECK(mistake({{"fewshot", 2}}).find("\"fewshot\" must be 0") != std::string::npos);
        CHECK(mistake({{"kind", "rolling"}}).find("\"conversation\"") != std::string::npos);
        CHECK(suites_test::task_of(kTask).fewshot(5) == 0);
    }
}
