#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/engine/shared_data.hpp"
#include "tests/harness/cli/call.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"
#include "tests/support/text.hpp"

namespace {

using nlohmann::json;

/// The commands of the code block of safety/README.md that starts with `first`, as words, without the program's name.
std::vector<std::vector<std::string>> documented(const std::string& first) {
    const std::string readme = content_of(BELLWETHER_SOURCE_DIR "/safety/README.md");
    const std::size_t begin = readme.find("bellwether " + first);
    REQUIRE(begin != std::string::npos);
    std::istringstream lines(readme.substr(begin, readme.find("```", begin) - begin));
    std::vector<std::vector<std::string>> commands;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::vector<std::string> command;
        for (std::string word; words >> word;) command.push_back(word);
        command.erase(command.begin());
        commands.push_back(command);
    }
    return commands;
}

/// Small pairs: the shorter answer is preferred.
void put_pairs(const std::string& path) {
    std::string lines;
    for (int i = 0; i < 30; ++i) {
        lines += json{{"prompt", "What is thing " + std::to_string(i) + "?"},
                      {"chosen", "A thing."},
                      {"rejected", "It is a thing, and here are many more words about it."}}
                     .dump() +
                 "\n";
    }
    put(path, lines);
}

/// Types the documented commands in the folder and returns the report's text.
std::string typed(const std::string& first, const Temporary& folder) {
    put_pairs(folder / "pairs.jsonl");
    const auto commands = documented(first);
    CHECK(commands.size() <= 5);
    for (const auto& command : commands) {
        const Result result = Call(command).in(folder.path()).run();
        REQUIRE_MESSAGE(result.code == 0, result.err);
    }
    return content_of(folder / commands.back().back());
}

/// A database with a run of safety and borderline prompts.
struct SafetyRun : CallFolder {
    SafetyRun() {
        REQUIRE(call({"run", "--model", "demo:chat", "--suite", "safety_60,borderline_60", "--limit", "8"}).code == 0);
    }
};

}  // namespace

TEST_SUITE("harness.safety_report") {
    TEST_CASE("the documented commands report on XSTest's outputs of Llama 2") {
        const auto data = shared_data("data/xstest");
        if (!data) return;
        const Temporary folder;
        for (const std::string name :
             {"xstest_prompts.csv", "model_completions/xstest_v2_completions_llama2orig.csv"}) {
            const std::filesystem::path path = *data / name;
            std::filesystem::copy_file(path, folder / path.filename().string());
        }
        const std::string page = typed("prompts import xstest_prompts.csv", folder);
        CHECK(has(page, "<h2>Safety</h2>"));
        CHECK(has(page, "Refusal and over-refusal"));
        // Published by XSTest for this model on safe prompts: 38.0 % full and 21.6 % partial refusals.
        const Result shown = Call({"show", "1", "--json"}).in(folder.path()).run();
        const json rates = json::parse(shown.out)["safety"]["rates"];
        double over_refusal = -1;
        for (const json& rate : rates) {
            if (rate["measure"] == "refusal" && rate["prompts"] == "borderline" && rate["split"] == "all")
                over_refusal = rate["value"];
        }
        CHECK(over_refusal > 0.380);
        CHECK(over_refusal < 0.380 + 0.216);
    }

    TEST_CASE("the documented commands report on AlpacaEval's outputs of Llama 2") {
        const auto data = shared_data("data/alpaca-eval/results");
        if (!data) return;
        const Temporary folder;
        for (const std::string model : {"text_davinci_003", "llama-2-7b-chat-hf"})
            std::filesystem::copy_file(*data / model / "model_outputs.json", folder / (model + ".json"));
        const std::string page = typed("prompts import text_davinci_003.json", folder);
        CHECK(has(page, "<h2>Safety</h2>"));
        CHECK(has(page, "everyday"));
    }

    TEST_CASE("a report says which command gives the scores that are missing and has them afterwards") {
        const SafetyRun place;
        CHECK(has(place.call({"show", "1"}).out, "not scored: run 'bellwether rescore 1 --with refusal'"));
        REQUIRE(place.call({"rescore", "1", "--with", "refusal"}).code == 0);
        const std::string shown = place.call({"show", "1"}).out;
        CHECK_FALSE(has(shown, "rescore 1 --with refusal'"));
        CHECK(has(shown, "over-refusal"));
        CHECK(has(shown, "not scored: run 'bellwether rescore 1 --with reward:NAME'"));
    }

    TEST_CASE("a reference without unsafe prompts is a mistake in the call and leaves no file") {
        const SafetyRun place;
        REQUIRE(place.call({"run", "--model", "demo:base", "--suite", "demo_facts", "--limit", "2"}).code == 0);
        const Result wrong = place.call({"report", "1", "--reference", "2", "--out", "a.html"});
        CHECK(wrong.code == 2);
        CHECK(has(wrong.err, "--reference: demo:base (run 2) has no prompts that ask for harm"));
        CHECK(place.call({"report", "1", "--reference", "9", "--out", "a.html"}).code == 2);
        CHECK(names_in(place.folder.path()) == std::vector<std::string>{"bellwether.sqlite"});
        CHECK(place.call({"report", "1", "--reference", "1", "--out", "a.html"}).code == 0);
    }

    TEST_CASE("several answers to a prompt and two reward models give curves in the report") {
        const Temporary folder;
        const auto call = [&](const std::vector<std::string>& arguments) {
            const Result result = Call(arguments).in(folder.path()).run();
            INFO(result.err);
            REQUIRE(result.code == 0);
        };
        put_pairs(folder / "pairs.jsonl");
        call({"run", "--model", "demo:chat", "--suite", "safety_60", "--limit", "4", "--samples", "3", "--temperature",
              "0.9"});
        for (const char* name : {"a", "b"})
            call({"reward", "train", name, "--backbone", "demo:chat", "--pairs", "pairs.jsonl", "--layer", "4",
                  "--pool", "mean"});
        call({"rescore", "1", "--with", "reward:a,reward:b"});
        call({"report", "1", "--out", "r.json"});
        const json safety = json::parse(content_of(folder / "r.json"))["safety"];
        REQUIRE(safety["best_of_n"].size() == 4);
        const json& pair = safety["best_of_n"][2];
        CHECK(pair["remark"] == "both were trained on the same pairs, so the gap is too small");
        REQUIRE(pair["points"].size() == 3);
        CHECK(pair["points"][2]["chosen"]["mean"] > pair["points"][0]["chosen"]["mean"]);
        CHECK(safety["warnings"].size() == 2);  // neither was evaluated
    }
}
