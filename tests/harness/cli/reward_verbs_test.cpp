#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/harness/cli/call.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"

namespace {

using nlohmann::json;

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// A folder with pairs.jsonl: 40 prompts, the shorter answer preferred, and one pair that no demo model can read whole.
struct Place {
    Place() {
        std::string lines;
        for (int i = 0; i < 40; ++i) {
            const std::string colour = i % 2 == 0 ? "blue" : "red";
            lines += json{{"prompt", "What colour is thing " + std::to_string(i) + "?"},
                          {"chosen", "It is " + colour + "."},
                          {"rejected", "It is " + colour + ", and here are many more words about nothing."},
                          {"strength", i % 3 == 0 ? "slightly" : "better"},
                          {"bin", "chosen_safe"}}
                         .dump() +
                     "\n";
        }
        lines += json{{"prompt", "Long?"}, {"chosen", "No."}, {"rejected", std::string(40000, 'y')}}.dump() + "\n";
        put(folder / "pairs.jsonl", lines);
    }
    Result call(const std::vector<std::string>& arguments) const {
        std::vector<std::string> all = {"reward"};
        all.insert(all.end(), arguments.begin(), arguments.end());
        return Call(all).in(folder.path()).run();
    }
    Result train(const std::string& name, std::vector<std::string> more = {}) const {
        std::vector<std::string> arguments = {"train", name, "--backbone", "demo:chat", "--pairs", "pairs.jsonl"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return call(arguments);
    }

    Temporary folder;
};

}  // namespace

TEST_SUITE("harness.reward_verbs") {
    TEST_CASE("a reward model is trained and evaluated and goes to another database") {
        const Place place;
        const Result trained = place.train("short");
        REQUIRE_MESSAGE(trained.code == 0, trained.err);
        CHECK(has(trained.out, "short: trained on 32 pairs; 8 others chose its settings: layer "));
        CHECK(has(trained.out, "Tried too: "));
        CHECK(has(trained.err, "1 of 41 pairs are left out: longer than the backbone's context"));
        CHECK(has(place.call({"list"}).out, "not evaluated"));

        // Length predicts every pair, so that no model can be better.
        const Result evaluated = place.call({"eval", "short", "--pairs", "pairs.jsonl"});
        REQUIRE_MESSAGE(evaluated.code == 0, evaluated.err);
        CHECK(evaluated.out.starts_with("short does not beat the best baseline: accuracy "));
        CHECK(has(evaluated.out, "preferred: slightly"));
        CHECK(has(evaluated.out, "safety: chosen_safe"));
        CHECK(has(evaluated.out, "Layer and pooling were chosen on a part of these pairs"));
        const json listed = json::parse(place.call({"list", "--json"}).out);
        REQUIRE(listed.size() == 1);
        CHECK(listed[0]["metrics"]["beats_baselines"] == false);
        CHECK(listed[0]["metrics"]["accuracy"]["pairs"] == 40);
        CHECK(listed[0]["metrics"]["baselines"][0]["accuracy"] == 1.0);
        CHECK(listed[0]["metrics"]["unsafe_recall"]["pairs"] == 40);

        REQUIRE(place.call({"export", "short", "--out", "short.json"}).code == 0);
        REQUIRE(place.call({"import", "short.json", "--db", "other.sqlite"}).code == 0);
        CHECK(has(place.call({"import", "short.json", "--db", "other.sqlite"}).out, "it was there already"));
        REQUIRE(place.call({"export", "short", "--db", "other.sqlite", "--out", "again.json"}).code == 0);
        CHECK(content_of(place.folder / "again.json") == content_of(place.folder / "short.json"));
        const Result nowhere = place.call({"eval", "short", "--db", "other.sqlite", "--pairs", "pairs.jsonl"});
        CHECK(nowhere.code == 2);
        CHECK(has(nowhere.err, "name its backbone (demo:chat) with --backbone"));
        const Result other =
            place.call({"eval", "short", "--db", "other.sqlite", "--pairs", "pairs.jsonl", "--backbone", "demo:base"});
        CHECK(other.code == 2);
        CHECK(has(other.err, "is another model"));
        const Result same =
            place.call({"eval", "short", "--db", "other.sqlite", "--pairs", "pairs.jsonl", "--backbone", "demo:chat"});
        CHECK(same.out == evaluated.out);
    }

    TEST_CASE("the answers of a run get the rewards of a model and the call says how far to trust them") {
        const Place place;
        REQUIRE(place.train("short", {"--layer", "2", "--pool", "mean"}).code == 0);
        const auto call = [&](const std::vector<std::string>& arguments) {
            return Call(arguments).in(place.folder.path()).run();
        };
        REQUIRE(call({"run", "--model", "demo:chat", "--suite", "safety_60", "--limit", "3"}).code == 0);
        const Result scored = call({"rescore", "1", "--with", "reward:short"});
        INFO(scored.err);
        REQUIRE(scored.code == 0);
        CHECK(scored.out.starts_with("short was not evaluated: 'bellwether reward eval short"));
        CHECK(has(scored.out, "reward:short: safety_60: 3 items scored, 0 had scores"));
        CHECK(has(scored.out, "reward by reward model short 1 (demo:chat)"));
        REQUIRE(place.call({"eval", "short", "--pairs", "pairs.jsonl"}).code == 0);
        const Result again = call({"rescore", "1", "--with", "reward:short"});
        CHECK(again.out.starts_with("short does not beat the best baseline"));
        CHECK(has(again.out, "0 items scored, 3 had scores"));
        CHECK(has(call({"rescore", "1", "--with", "reward:shirt"}).err, "did you mean 'short'?"));
    }

    TEST_CASE("a head has the same bits whatever the batch") {
        const Place place;
        const std::vector<std::string> fixed = {"--layer", "2", "--pool", "mean", "--json"};
        std::vector<std::string> small = fixed;
        small.insert(small.end(), {"--batch", "17", "--db", "b.sqlite"});
        REQUIRE(place.train("a", fixed).code == 0);
        REQUIRE(place.train("a", small).code == 0);
        REQUIRE(place.call({"export", "a", "--out", "a.json"}).code == 0);
        REQUIRE(place.call({"export", "a", "--db", "b.sqlite", "--out", "b.json"}).code == 0);
        const auto head = [&](const char* file) { return json::parse(content_of(place.folder / file))["head"].dump(); };
        CHECK(head("a.json") == head("b.json"));
    }

    TEST_CASE("wrong calls create nothing and say what to do") {
        const Place place;
        put(place.folder / "wrong.jsonl", "{\"prompt\":\"p\",\"chosen\":\"a\"}\n");
        put(place.folder / "few.jsonl", "{\"prompt\":\"p\",\"chosen\":\"a\",\"rejected\":\"b\"}\n");
        const auto refused = [&](const std::vector<std::string>& arguments, const std::string& message) {
            const Result result = place.call(arguments);
            CAPTURE(result.err);
            CHECK(result.code == 2);
            CHECK(has(result.err, message));
            CHECK_FALSE(std::filesystem::exists(place.folder / "bellwether.sqlite"));
        };
        refused({"train", "a", "--backbone", "demo:chat", "--pairs", "wrong.jsonl"},
                "wrong.jsonl: row 1: field \"rejected\": is missing");
        refused({"train", "a", "--backbone", "demo:chat", "--pairs", "few.jsonl"}, "at least 20");
        refused({"train", "a", "--backbone", "demo:chat", "--pairs", "none.jsonl"}, "none.jsonl");
        refused({"train", "a", "--backbone", "demo:chat", "--pairs", "pairs.jsonl", "--layer", "99"}, "--layer 99");
        refused({"train", "a", "--backbone", "demo:chat", "--pairs", "pairs.jsonl", "--layer", "last"}, "--layer");
        refused({"train", "a", "--backbone", "demo:chat", "--pairs", "pairs.jsonl", "--pool", "max"}, "--pool");
        refused({"eval", "a", "--pairs", "pairs.jsonl"}, "bellwether.sqlite");
        refused({"import", "pairs.jsonl"}, "pairs.jsonl");
    }

    TEST_CASE("a name is not given twice and a wrong one gets the nearest") {
        const Place place;
        const std::vector<std::string> quick = {"--layer", "0", "--pool", "last"};
        REQUIRE(place.train("short", quick).code == 0);
        const Result again = place.train("short", quick);
        CHECK(again.code == 2);
        CHECK(has(again.err, "there is a reward model 'short' already"));
        const Result wrong = place.call({"export", "shorts", "--out", "a.json"});
        CHECK(wrong.code == 2);
        CHECK(has(wrong.err, "did you mean 'short'?"));
        CHECK_FALSE(std::filesystem::exists(place.folder / "a.json"));
        const Result changed = place.call({"import", "short.json"});
        CHECK(changed.code == 2);
    }
}
