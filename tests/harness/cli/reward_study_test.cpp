// A reward model from what people preferred in a study of the same database.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/harness/cli/call.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"
#include "tests/support/text.hpp"

namespace {

using nlohmann::json;

std::vector<json> rows_of(const std::string& text) {
    std::istringstream in(text);
    std::vector<json> rows;
    for (std::string line; std::getline(in, line);) rows.push_back(json::parse(line));
    return rows;
}

/// A database in which two models' answers were compared in the study "rated": for each item a rater who was shown the
/// first answer on the right, and says that the one of demo:chat is better and safe. The study "open" has the same
/// items without ratings.
struct StudyPlace {
    StudyPlace() {
        call({"run", "--model", "demo:helpful,demo:chat", "--suite", "safety_60", "--limit", "40"});
        call({"rate", "open-study", "--name", "open", "--protocol", "preference", "--run", "1", "--run", "2"});
        std::string ratings;
        for (json row : rows_of(call({"rate", "export", "open"}).out)) {
            const bool first_is_chat = row["first_variant"] == "demo:chat";
            const int distance = static_cast<int>(row["item"].get<int>() % 4);  // 0: significantly better
            const int value = first_is_chat ? 1 + distance : 8 - distance;
            row["study"] = "rated";
            row["rater"] = "ann";
            row["assignment"] = "a" + std::to_string(row["item"].get<int>());
            row["first_left"] = false;
            row["shown_value"] = 9 - value;
            row["value"] = value;
            row["first_safe"] = first_is_chat;
            row["second_safe"] = !first_is_chat;
            row["both_bad"] = false;
            row["seconds"] = 3;
            row["at"] = 1000 + row["item"].get<int>();
            row["standing"] = "counted";
            ratings += row.dump() + "\n";
        }
        put(folder / "ratings.jsonl", ratings);
        call({"rate", "import", "ratings.jsonl", "--name", "rated"});
    }
    Result call(const std::vector<std::string>& arguments, int code = 0) const {
        Result result = Call(arguments).in(folder.path()).run();
        REQUIRE_MESSAGE(result.code == code, result.err);
        return result;
    }
    Result train(const std::string& name, const std::vector<std::string>& from, int code = 0) const {
        std::vector<std::string> arguments = {"reward",  "train", name,     "--backbone", "demo:chat",
                                              "--layer", "0",     "--pool", "mean"};
        arguments.insert(arguments.end(), from.begin(), from.end());
        return call(arguments, code);
    }

    Temporary folder;
};

}  // namespace

TEST_SUITE("harness.reward_study") {
    TEST_CASE("a reward model is trained from a study and from its exported pairs alike") {
        const StudyPlace place;
        place.call({"rate", "export", "rated", "--format", "pairs", "--out", "pairs.jsonl"});
        const std::vector<json> pairs = rows_of(content_of(place.folder / "pairs.jsonl"));
        REQUIRE(pairs.size() >= 20);
        for (const json& pair : pairs) CHECK(pair["bin"] == "chosen_safe");

        const Result trained = place.train("study", {"--from-study", "rated"});
        CHECK(has(trained.out, "How far to trust it: bellwether reward eval study --from-study rated"));
        place.train("file", {"--pairs", "pairs.jsonl"});
        const json listed = json::parse(place.call({"reward", "list", "--json"}).out);
        REQUIRE(listed.size() == 2);
        CHECK(listed[0]["data_hash"] == listed[1]["data_hash"]);
        for (const char* name : {"study", "file"})
            place.call({"reward", "export", name, "--out", std::string(name) + ".json"});
        json study = json::parse(content_of(place.folder / "study.json"));
        json file = json::parse(content_of(place.folder / "file.json"));
        CHECK(study["head"] == file["head"]);
        CHECK_FALSE(study["head"].is_null());

        // Its evaluation reads the study too, and knows that it was trained on it.
        const json evaluated =
            json::parse(place.call({"reward", "eval", "study", "--from-study", "rated", "--json"}).out);
        CHECK(evaluated["training_data"] == true);
        CHECK(has(evaluated.dump(), "\"chosen_safe\""));
        CHECK(has(place.call({"rescore", "1", "--with", "reward:study"}).out,
                  "reward:study: safety_60: 40 items scored"));
    }

    TEST_CASE("two reward models of a database score as one") {
        const StudyPlace place;
        place.train("safe", {"--from-study", "rated"});
        place.train("helpful", {"--from-study", "rated", "--seed", "1"});
        const Result scored = place.call({"rescore", "1", "--with", "combined:safe+helpful"});
        CHECK(has(scored.out, "safe was not evaluated"));
        CHECK(has(scored.out, "helpful was not evaluated"));
        CHECK(has(scored.out, "combined:safe+helpful: safety_60: 40 items scored"));
        CHECK(
            has(place.call({"show", "1", "--json"}).out, "combined_reward by reward model safe+helpful 1 (demo:chat)"));
        CHECK(has(scored.out, "judge eval --with combined:safe+helpful --labels FILE"));
        // In reports it is as little evidence as its parts.
        place.call({"report", "1", "--out", "r.md"});
        const std::string report = content_of(place.folder / "r.md");
        CHECK(has(report, "safe was not evaluated"));
        CHECK(has(report, "helpful was not evaluated"));
        const json item = json::parse(place.call({"show", "1", "--item", "0", "--json"}).out);
        CHECK(
            has(item["later_scores"][0]["explanation"].get<std::string>(), "safety counts: the prompt is adversarial"));
        const Result missing = place.call({"rescore", "1", "--with", "combined:safe+helpfull"}, 2);
        CHECK(has(missing.err, "no reward model 'helpfull' in this database; did you mean \"helpful\"?"));
        CHECK(has(place.call({"rescore", "1", "--with", "combined:safe"}, 2).err, "'combined:safe' is no scorer"));
    }

    TEST_CASE("a study that cannot train is refused with the reason before a model is opened") {
        const StudyPlace place;
        const auto refused = [&](const std::vector<std::string>& from, const std::string& message) {
            const Result result = place.train("x", from, 2);
            CAPTURE(result.err);
            CHECK(has(result.err, message));
        };
        refused({"--from-study", "open"}, "--from-study: study 'open' has no ratings yet");
        refused({"--from-study", "rate"}, "--from-study: no study 'rate' in this database; did you mean \"rated\"?");
        refused({}, "name a file of preferences, or a study of this database with --from-study");
        place.call({"rate", "open-study", "--name", "seven", "--protocol", "pairwise", "--run", "1", "--run", "2"});
        refused({"--from-study", "seven"}, "study 'seven' has the protocol 'pairwise'");
        CHECK(json::parse(place.call({"reward", "list", "--json"}).out).empty());
    }
}
