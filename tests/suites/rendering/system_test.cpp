#include <doctest/doctest.h>

#include <string>

#include "tests/suites/helpers.hpp"

using nlohmann::json;

TEST_SUITE("suites.system prompt") {
    TEST_CASE("a task's system prompt is a separate turn and first in plain text") {
        const suites_test::Folder folder;
        folder.write("own.jsonl", "{\"q\":\"Who?\",\"a\":\"I\",\"tone\":\"polite\"}\n");
        const suites::Task task = suites_test::task_of(json::parse(
            R"({"name": "own", "version": 1, "profile": "own", "kind": "generate", "description": "d", "source": "s",
            "licence": "l", "citation": "c", "data": {"test": ["own.jsonl"]}, "system": "Be {{tone}}.", "prompt": "{{q}}",
            "answer": "{{a}}", "metrics": ["exact_match"]})"));
        const auto items = task.render(folder.path(), {.fewshot = {}, .limit = {}, .seed = 1});
        const suites::Prompt& prompt = *suites::prompt_of(items.at(0).requests.at(0));
        REQUIRE(prompt.turns.size() == 2);
        CHECK(prompt.turns[0].role == suites::Role::System);
        CHECK(prompt.turns[0].content == "Be polite.");
        CHECK(prompt.turns[1].content == "Who?");
        CHECK(suites::plain_text(prompt.turns) == "Be polite.\n\nWho?");
        CHECK(prompt.question_bytes == 4);
    }

    TEST_CASE("a WinoGrande row without a blank is an error with file row and field") {
        const suites_test::Folder folder;
        folder.write("winogrande/winogrande_xl/validation.jsonl",
                     R"({"sentence": "Ian gave Al the soup.", "option1": "Ian", "option2": "Al", "answer": "2"})"
                     "\n");
        const std::string message = suites_test::complaint([&] {
            suites_test::task_named("winogrande").render(folder.path(), {.fewshot = 0, .limit = {}, .seed = 1});
        });
        CHECK(message.find("validation.jsonl: row 1:") != std::string::npos);
        CHECK(message.find("\"sentence|before_blank\" has no blank _ to be filled") != std::string::npos);
    }
}
