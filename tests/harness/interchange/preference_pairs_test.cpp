#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "harness/interchange/error.hpp"
#include "harness/interchange/preference_pairs.hpp"

using namespace harness::interchange;
using harness::scoring::PreferencePair;
using safety::reward::SafetyBin;
using safety::reward::Strength;

namespace {

std::vector<PreferencePair> parsed(const std::string& line) {
    return parse_preference_pairs(line, "a.jsonl");
}

/// The turns as "user: ...|assistant: ...".
std::string shown(const PreferencePair& pair) {
    std::string text;
    for (const suites::Message& turn : pair.turns)
        text += (text.empty() ? "" : "|") + std::string(suites::to_string(turn.role)) + ": " + turn.content;
    return text;
}

}  // namespace

TEST_SUITE("harness.interchange") {
    TEST_CASE("the prompt of two dialogues is what they share") {
        const PreferencePair pair =
            parsed(R"({"chosen":"\n\nHuman: Hi\n\nAssistant: Hello.\n\nHuman: And?\n\nAssistant: Go on. ",)"
                   R"("rejected":"\n\nHuman: Hi\n\nAssistant: Hello.\n\nHuman: And?\n\nAssistant:  What\n\nnow?"})")
                .at(0);
        CHECK(shown(pair) == "user: Hi|assistant: Hello.|user: And?");
        CHECK(pair.chosen == "Go on.");
        CHECK(pair.rejected == "What\n\nnow?");
        CHECK(pair.strength == Strength::Unknown);
        CHECK(pair.bin == SafetyBin::Unknown);
        CHECK(pair.where == "a.jsonl: row 1");
    }

    TEST_CASE("marks after the prompt belong to the answer") {
        const PreferencePair longer =
            parsed(R"({"chosen":"\n\nHuman: Hi\n\nAssistant: A\n\nHuman: more\n\nAssistant: B",)"
                   R"("rejected":"\n\nHuman: Hi\n\nAssistant: C"})")
                .at(0);
        CHECK(shown(longer) == "user: Hi");
        CHECK(longer.chosen == "A\n\nHuman: more\n\nAssistant: B");
        CHECK(longer.rejected == "C");
        // One dialogue is the beginning of the other: the answer is still what follows the user's turn.
        const PreferencePair prefix =
            parsed(
                R"({"chosen":"\n\nHuman: Hi\n\nAssistant: A\n\nAssistant: B","rejected":"\n\nHuman: Hi\n\nAssistant: A"})")
                .at(0);
        CHECK(shown(prefix) == "user: Hi");
        CHECK(prefix.chosen == "A\n\nAssistant: B");
    }

    TEST_CASE("a row with a prompt or turns keeps its texts unchanged") {
        const std::vector<PreferencePair> pairs = parsed(
            "{\"prompt\":\" Hi\",\"chosen\":\" a "
            "\",\"rejected\":\"b\",\"strength\":\"slightly\",\"bin\":\"both_safe\"}\n"
            R"({"turns":[{"role":"system","content":"Be kind."},{"role":"user","content":"Hi"}],"chosen":"a",)"
            R"("rejected":"","strength":null})");
        REQUIRE(pairs.size() == 2);
        CHECK(shown(pairs[0]) == "user:  Hi");
        CHECK(pairs[0].chosen == " a ");
        CHECK(pairs[0].strength == Strength::Slightly);
        CHECK(pairs[0].bin == SafetyBin::BothSafe);
        CHECK(shown(pairs[1]) == "system: Be kind.|user: Hi");
        CHECK(pairs[1].rejected.empty());
    }

    TEST_CASE("a malformed row is refused with file and row and field") {
        const std::string good = R"({"prompt":"p","chosen":"a","rejected":"b"})";
        const std::pair<std::string, std::string> kMistakes[] = {
            {R"({"prompt":"p","rejected":"b"})", R"(row 2: field "chosen": is missing)"},
            {R"({"prompt":"p","chosen":"a"})", R"(row 2: field "rejected": is missing)"},
            {R"({"prompt":"p","chosen":5,"rejected":"b"})", R"(row 2: field "chosen": must be a string, not a number)"},
            {R"({"prompt":["p"],"chosen":"a","rejected":"b"})",
             R"(row 2: field "prompt": must be a string, not a list)"},
            {R"({"prompt":"p","turns":[1],"chosen":"a","rejected":"b"})", R"(field "turns": is given as well as)"},
            {R"({"turns":[],"chosen":"a","rejected":"b"})", R"(field "turns": is empty)"},
            {R"({"turns":["x"],"chosen":"a","rejected":"b"})", R"(field "turns[0]": must be an object)"},
            {R"({"turns":[{"role":"robot","content":"x"}],"chosen":"a","rejected":"b"})",
             R"(field "turns[0].role": unknown role 'robot')"},
            {R"({"turns":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}],"chosen":"a","rejected":"b"})",
             R"(field "turns": must end with a turn of the user)"},
            {R"({"chosen":"a","rejected":"b"})", R"(field "chosen": must begin with a blank line and "Human:")"},
            {R"({"chosen":"\n\nHuman: Hi","rejected":"\n\nHuman: Hi\n\nAssistant: b"})",
             R"(field "chosen": has no "Assistant:")"},
            {R"({"chosen":"\n\nHuman: Hi\n\nAssistant: a","rejected":"\n\nHuman: Ho\n\nAssistant: b"})",
             R"(field "rejected": does not begin with the prompt)"},
            {R"({"prompt":"p","chosen":"a","rejected":"a"})", R"(field "rejected": is the same answer)"},
            {R"({"prompt":"p","chosen":"a","rejected":"b","strength":"much"})",
             R"(field "strength": unknown word 'much'; known: significantly, better, slightly, negligible)"},
            {R"({"prompt":"p","chosen":"a","rejected":"b","bin":"safe"})", R"(field "bin": unknown word 'safe')"},
            {"{\"prompt\":\"p\",\"chosen\":\"a\",\"rejected\":", "a.jsonl"},
            {"[1]", "a.jsonl"},
        };
        for (const auto& mistake : kMistakes) {
            const std::string& line = mistake.first;
            const std::string& message = mistake.second;
            CAPTURE(line);
            std::string said;
            try {
                parsed(fmt::format("{}\n{}\n", good, line));
            } catch (const InterchangeError& error) {
                said = error.what();
            }
            CHECK(said.find(message) != std::string::npos);
            CHECK(said.find("a.jsonl") == 0);
        }
        CHECK_THROWS_WITH_AS(parsed(""), "a.jsonl: no rows", InterchangeError);
        CHECK_THROWS_AS(read_preference_pairs("/no/such/file.jsonl"), InterchangeError);
    }

    // An independent count in Python over the same file: 2,312 rows, 4 with an empty chosen answer.
    TEST_CASE("the harmless pairs of hh-rlhf are read whole") {
        const char* shared = std::getenv("BELLWETHER_SHARED");
        if (shared == nullptr) {
            MESSAGE("skipped: BELLWETHER_SHARED is not set");
            return;
        }
        const std::vector<PreferencePair> pairs =
            read_preference_pairs(std::string(shared) + "/data/hh-rlhf/harmless-base/test.jsonl.gz");
        CHECK(pairs.size() == 2312);
        CHECK(std::count_if(pairs.begin(), pairs.end(), [](const auto& pair) { return pair.chosen.empty(); }) == 4);
        CHECK(std::all_of(pairs.begin(), pairs.end(),
                          [](const auto& pair) { return pair.turns.back().role == suites::Role::User; }));
        CHECK(pairs.front().turns.front().content == "what are some pranks with a pen i can do?");
    }
}
