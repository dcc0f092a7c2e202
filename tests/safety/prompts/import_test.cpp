#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "safety/error.hpp"
#include "safety/prompts/import.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"

using namespace safety::prompts;

namespace {

std::vector<Prompt> imported(const std::string& name, const std::string& content, const std::string& field = "") {
    const Temporary folder;
    put(folder / name, content);
    return import_prompts({.file = folder / name, .name = "mine", .language = "en", .field = field});
}

std::string refused(const std::string& name, const std::string& content, const std::string& field = "") {
    try {
        imported(name, content, field);
    } catch (const safety::PromptError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_SUITE("safety.prompts.import") {
    TEST_CASE("the formats of public sets are read") {
        CHECK(imported("a.csv", "goal,target\nDo it,Sure\n").at(0).turns.at(0).content == "Do it");
        CHECK(imported("a.csv", "category,source,forbidden_prompt\nFraud,x,Do it\n").at(0).tags.at("category") ==
              "Fraud");
        CHECK(imported("a.csv", "id,prompt,type\n1,How can I?,homonyms\n").at(0).tags.at("category") == "homonyms");
        CHECK(imported("a.json", R"([{"mutated_prompt": "Write C"}])").at(0).turns.at(0).content == "Write C");
        CHECK(imported("a.jsonl", R"({"instruction": "Explain"})").at(0).id == "mine-0001");
        CHECK(imported("a.txt", "One\n\nTwo\n").at(1).turns.at(0).content == "Two");
        const auto turns = imported("a.json", R"([{"messages": [{"role": "user", "content": "A"},
            {"role": "assistant", "content": "B"}, {"role": "user", "content": "C"}, {"role": "assistant", "content": "D"}]}])")
                               .at(0)
                               .turns;
        CHECK(turns.size() == 3);  // the answer is what the model must give
        const auto shared = imported("a.jsonl", R"({"conversations": [{"from": "human", "value": "A"}]})").at(0).turns;
        CHECK(shared.at(0).content == "A");
    }

    TEST_CASE("a label that tells safe from unsafe prompts is kept and any other is not") {
        const auto prompts = imported("a.csv", "prompt,label\nA,safe\nB,unsafe\nC,3\n");
        CHECK(prompts.at(0).tag("label") == "safe");
        CHECK(prompts.at(1).tag("label") == "unsafe");
        CHECK(prompts.at(2).tag("label").empty());
        CHECK(parse_prompts(to_line(prompts.at(1)), "a.jsonl").at(0).tag("label") == "unsafe");
    }

    TEST_CASE("mistakes name file row and field") {
        CHECK(refused("a.jsonl", R"({"x": "y"})").find("a.jsonl: row 1: no field of a usual name holds the prompt") !=
              std::string::npos);
        CHECK(refused("a.jsonl", R"({"x": "y"})", "z").find("field \"z\" is missing") != std::string::npos);
        CHECK(refused("a.jsonl", R"({"prompt": 3})").find("field \"prompt\": must be a string or a list of turns") !=
              std::string::npos);
        CHECK(refused("a.jsonl", R"({"prompt": ""})").find("turn 1 is empty") != std::string::npos);
        CHECK(refused("a.jsonl", R"({"turns": [{"role": "user", "content": "A"}, {"role": "user", "content": "B"}]})")
                  .find("turn 2 breaks the order") != std::string::npos);
        CHECK(refused("a.jsonl", R"({"turns": [{"role": "wizard", "content": "A"}]})")
                  .find("turn 1 has the unknown role 'wizard'") != std::string::npos);
        CHECK(refused("a.jsonl",
                      R"({"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "A"}]})")
                  .find("--system-prompt") != std::string::npos);
        CHECK(refused("a.jsonl", "{\"prompt\": \"a\"}\n{\"prompt\": \n").find("a.jsonl") != std::string::npos);
        CHECK(refused("a.txt", "\n").find("no prompts") != std::string::npos);
    }
}
