#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/engine/shared_data.hpp"
#include "tests/harness/cli/call.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"
#include "tests/support/text.hpp"

namespace {

using nlohmann::json;

/// A folder with pairs.jsonl: 40 prompts, the shorter answer preferred, and one pair that no demo model can read whole.
struct PairsFolder {
    PairsFolder() {
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
        const PairsFolder place;
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
        const PairsFolder place;
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
        CHECK(has(call({"rescore", "1", "--with", "reward:shirt"}).err, "did you mean \"short\"?"));
    }

    TEST_CASE("a head has the same bits whatever the batch") {
        const PairsFolder place;
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
        const PairsFolder place;
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

    TEST_CASE("two models on the halves of the pairs share no prompt and say which half they saw") {
        const PairsFolder place;
        const std::vector<std::string> quick = {"--layer", "0", "--pool", "last", "--json"};
        const auto half = [&](const char* name, const char* number) {
            std::vector<std::string> more = quick;
            more.insert(more.end(), {"--half", number});
            const Result result = place.train(name, more);
            REQUIRE_MESSAGE(result.code == 0, result.err);
            return json::parse(result.out);
        };
        const json first = half("first", "1");
        const json second = half("second", "2");
        // 41 prompts, of which one cannot be read
        CHECK(first["pairs"].get<int>() + second["pairs"].get<int>() == 40);
        CHECK(std::abs(first["pairs"].get<int>() - second["pairs"].get<int>()) <= 2);
        CHECK(first["settings"]["half"]["number"] == 1);
        CHECK(second["settings"]["half"]["number"] == 2);
        CHECK(first["settings"]["half"]["pairs_hash"] == second["settings"]["half"]["pairs_hash"]);
        CHECK(first["data_hash"] != second["data_hash"]);
        CHECK(place.train("third", {"--half", "3"}).code == 2);
    }

    TEST_CASE("an evaluation has ratings and CoCoNot beside the pairs") {
        const PairsFolder place;
        REQUIRE(place.train("short", {"--layer", "0", "--pool", "mean"}).code == 0);
        std::string labels;
        std::string style;
        for (int i = 0; i < 30; ++i) {
            const std::string number = std::to_string(i);
            labels += json{{"prompt", "Q" + number},
                           {"answer", std::string(static_cast<std::size_t>(i % 5) * 8 + 1, 'x')},
                           {"label", 1 + i % 5}}
                          .dump() +
                      "\n";
            style += json{{"prompt", "Q" + number}, {"chosen", "Yes."}, {"rejected", "I am sorry, I cannot do that."}}
                         .dump() +
                     "\n";
        }
        put(place.folder / "labels.jsonl", labels);
        put(place.folder / "style.jsonl", style);
        const std::vector<std::string> eval = {"eval",     "short",        "--pairs",   "pairs.jsonl",
                                               "--labels", "labels.jsonl", "--coconot", "style.jsonl"};
        const Result text = place.call(eval);
        REQUIRE_MESSAGE(text.code == 0, text.err);
        CHECK(has(text.out, "CoCoNot: "));
        CHECK(has(text.out, "Spearman's rank correlation"));
        const json metrics = json::parse(place.call({"list", "--json"}).out)[0]["metrics"];
        CHECK(metrics["ratings"]["items"] == 30);
        CHECK(metrics["ratings"]["agreement"]["spearman"]["ci95"].size() == 2);
        CHECK(metrics["coconot"]["pairs"] == 30);
        CHECK(metrics["coconot"]["follows_style"].is_boolean());
        put(place.folder / "labels.jsonl", "{\"prompt\":\"q\",\"answer\":\"a\",\"label\":\"full_refusal\"}\n");
        CHECK(has(place.call(eval).err, "classes of refusal"));
    }

    TEST_CASE("rewards that learned the style of CoCoNot are warned of on its own file") {
        const auto coconot = shared_data("data/coconot");
        if (!coconot) return;
        const std::string file = (*coconot / "coconot_pref.jsonl").string();
        const PairsFolder place;
        const Result trained = place.call(
            {"train", "style", "--backbone", "demo:chat", "--pairs", file, "--layer", "4", "--pool", "mean"});
        REQUIRE_MESSAGE(trained.code == 0, trained.err);
        REQUIRE(place.train("short", {"--layer", "0", "--pool", "mean"}).code == 0);
        // 91 of the 927 pairs fit the demo model's context; a head that was trained on them tells most of them apart.
        const Result style = place.call({"eval", "style", "--pairs", "pairs.jsonl", "--coconot", file});
        REQUIRE_MESSAGE(style.code == 0, style.err);
        CHECK(
            has(style.out, "of 91 pairs in its order; 836 others could not be read whole. Warning: style alone tells"));
        CHECK(has(style.out, "so the rewards follow style"));
        const json metrics =
            json::parse(place.call({"eval", "short", "--pairs", "pairs.jsonl", "--coconot", file, "--json"}).out);
        CHECK(metrics["coconot"]["pairs"] == 91);
    }

    TEST_CASE("a safety preprompt is taken only where the reward model prefers the answer") {
        const PairsFolder place;
        REQUIRE(place.train("short", {"--layer", "0", "--pool", "mean"}).code == 0);
        const auto call = [&](const std::vector<std::string>& arguments) {
            return Call(arguments).in(place.folder.path()).run();
        };
        const std::vector<std::string> run = {"run", "--model", "demo:chat", "--suite", "safety_60", "--limit", "5"};
        std::vector<std::string> preprompted = run;
        preprompted.insert(preprompted.end(), {"--system", "Be safe."});
        REQUIRE(call(run).code == 0);
        const Result second = call(preprompted);
        REQUIRE_MESSAGE(second.code == 0, second.err);
        const Result result =
            place.call({"distil", "1", "2", "--with", "reward:short", "--out", "chosen.jsonl", "--json"});
        REQUIRE_MESSAGE(result.code == 0, result.err);
        const json task = json::parse(result.out)["tasks"][0];
        CHECK(task["pairs"].get<int>() + task["without_reward"].get<int>() == 5);
        // The choice can only raise the reward.
        CHECK(task["reward_shift"]["value"].get<double>() >= 0);
        const std::vector<std::string> lines = lines_of(content_of(place.folder / "chosen.jsonl"));
        REQUIRE(lines.size() == task["pairs"].get<std::size_t>());
        double taken = 0;
        for (const std::string& line : lines) {
            const json row = json::parse(line);
            const bool is_better = row["reward_preprompt"].get<double>() > row["reward_plain"].get<double>();
            CHECK(row["source"] == (is_better ? "preprompt" : "plain"));
            CHECK(row["turns"].back()["role"] == "user");
            taken += is_better ? 1 : 0;
        }
        CHECK(task["taken"]["value"] == doctest::Approx(taken / static_cast<double>(lines.size())));
        CHECK(has(place.call({"distil", "1", "2", "--with", "reward:short"}).out, "refusal shift"));
        CHECK(place.call({"distil", "1", "1", "--with", "reward:short"}).code == 2);
        CHECK(place.call({"distil", "1", "2", "--with", "refusal"}).code == 2);
    }

    TEST_CASE("a taken name is refused before any work") {
        const PairsFolder place;
        REQUIRE(place.train("short", {"--layer", "0", "--pool", "last"}).code == 0);
        // The backbone does not exist: the name is found first.
        const Result again = place.call({"train", "short", "--backbone", "none.gguf", "--pairs", "pairs.jsonl"});
        CHECK(again.code == 2);
        CHECK(has(again.err, "there is a reward model 'short' already"));
    }

    TEST_CASE("a name is not given twice and a wrong one gets the nearest") {
        const PairsFolder place;
        const std::vector<std::string> quick = {"--layer", "0", "--pool", "last"};
        REQUIRE(place.train("short", quick).code == 0);
        const Result again = place.train("short", quick);
        CHECK(again.code == 2);
        CHECK(has(again.err, "there is a reward model 'short' already"));
        const Result wrong = place.call({"export", "shorts", "--out", "a.json"});
        CHECK(wrong.code == 2);
        CHECK(has(wrong.err, "did you mean \"short\"?"));
        CHECK_FALSE(std::filesystem::exists(place.folder / "a.json"));
        const Result changed = place.call({"import", "short.json"});
        CHECK(changed.code == 2);
    }
}
