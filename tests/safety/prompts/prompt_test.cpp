#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "safety/error.hpp"
#include "safety/prompts/prompt.hpp"

using nlohmann::json;
using safety::prompts::parse_prompts;
using safety::prompts::Prompt;

namespace {

const json kRight = json::parse(
    R"({"id": "a-1", "turns": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes?"}, {"role": "user", "content": "Why?"}],
    "category": "dialogue", "language": "en", "persona": "a sailor", "note": "answers why", "version": 1})");

std::string refused(const std::string& content) {
    try {
        parse_prompts(content, "set.jsonl");
    } catch (const safety::PromptError& error) {
        return error.what();
    }
    return "";
}

/// The message for the correct prompt with these fields changed; null removes one.
std::string refused(const json& change) {
    json prompt = kRight;
    prompt.merge_patch(change);
    return refused(prompt.dump() + "\n");
}

}  // namespace

TEST_SUITE("safety.prompts") {
    TEST_CASE("a prompt keeps all of its fields from line to line") {
        const std::vector<Prompt> prompts = parse_prompts(kRight.dump() + "\n", "set.jsonl");
        REQUIRE(prompts.size() == 1);
        CHECK(prompts[0].turns.size() == 3);
        CHECK(prompts[0].user_text() == "Hi\nWhy?");
        CHECK(json::parse(to_line(prompts[0])) == kRight);
    }

    TEST_CASE("every kind of mistake is reported with file and line and field") {
        const std::string kFirst = "set.jsonl: line 1: ";
        struct Mistake {
            json change;
            const char* says;
        };
        const std::vector<Mistake> mistakes = {
            {{{"id", nullptr}}, "field \"id\" is missing"},
            {{{"id", 3}}, "field \"id\" must be a string"},
            {{{"id", ""}}, "field \"id\" is empty"},
            {{{"turns", nullptr}}, "field \"turns\" is missing"},
            {{{"turns", "Hi"}}, "field \"turns\" must be a list of turns, not empty"},
            {{{"turns", json::array()}}, "field \"turns\" must be a list of turns, not empty"},
            {{{"turns", {"Hi"}}}, "field \"turns\": turn 1 must be an object with \"role\" and \"content\""},
            {{{"turns", {{{"role", "user"}}}}}, "turn 1 field \"content\" is missing"},
            {{{"turns", {{{"content", "Hi"}}}}}, "turn 1 must have the role \"user\""},
            {{{"turns", {{{"role", "assistant"}, {"content", "Hi"}}}}}, "turn 1 must have the role \"user\""},
            {{{"turns", {{{"role", "user"}, {"content", ""}}}}}, "turn 1 field \"content\" is empty"},
            {{{"turns", {{{"role", "user"}, {"content", 5}}}}}, "turn 1 field \"content\" must be a string"},
            {{{"turns", {{{"role", "user"}, {"content", "a"}, {"name", "b"}}}}},
             "turn 1 has an unknown field \"name\""},
            {{{"turns", {{{"role", "user"}, {"content", "a"}}, {{"role", "user"}, {"content", "b"}}}}},
             "turn 2 must have the role \"assistant\""},
            {{{"turns", {{{"role", "user"}, {"content", "a"}}, {{"role", "assistant"}, {"content", "b"}}}}},
             "the last turn must be the user's"},
            {{{"category", nullptr}}, "field \"category\" is missing"},
            {{{"category", {"a"}}}, "field \"category\" must be a string"},
            {{{"language", nullptr}}, "field \"language\" is missing"},
            {{{"persona", ""}}, "field \"persona\" is empty"},
            {{{"note", false}}, "field \"note\" must be a string"},
            {{{"version", nullptr}}, "field \"version\" is missing"},
            {{{"version", 0}}, "field \"version\" must be an integer from 1 to 1000000"},
            {{{"version", 1.5}}, "field \"version\" must be an integer"},
            {{{"version", "1"}}, "field \"version\" must be an integer"},
            {{{"vector", ""}}, "field \"vector\" is empty"},
            {{{"contrast", 7}}, "field \"contrast\" must be a string"},
            {{{"colour", "red"}}, "field \"colour\" is not known"}};
        for (const Mistake& mistake : mistakes) {
            CAPTURE(mistake.change.dump());
            const std::string message = refused(mistake.change);
            CHECK(message.starts_with(kFirst));
            CHECK(message.find(mistake.says) != std::string::npos);
        }
    }

    TEST_CASE("lines that are not JSON objects and empty files and duplicate ids are refused") {
        CHECK(refused(std::string("{\"id\": \n")).find("set.jsonl: line 1: ") == 0);
        CHECK(refused(std::string("[1, 2]\n")).find("line 1: must be a JSON object") != std::string::npos);
        CHECK(refused(std::string(300, '[') + "\n").find("line 1: ") != std::string::npos);
        CHECK(refused(std::string("\n \n")) == "set.jsonl: no prompts");
        CHECK(refused(kRight.dump() + "\n\n" + kRight.dump()).find("line 3: field \"id\": duplicate 'a-1'") !=
              std::string::npos);
    }

    TEST_CASE("all mistakes of a file are reported at once") {
        json second = kRight;
        second["id"] = "a-2";
        second["version"] = -1;
        const std::string message = refused("{}\n" + kRight.dump() + "\n" + second.dump() + "\n");
        CHECK(message.find("line 1: ") != std::string::npos);
        CHECK(message.find("line 3: field \"version\"") != std::string::npos);
        CHECK(message.find("line 2") == std::string::npos);
    }
}
