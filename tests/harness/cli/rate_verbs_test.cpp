#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/harness/cli/call.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"
#include "tests/support/text.hpp"

namespace {

using nlohmann::json;

/// A folder with a database of two runs of a few prompts.
struct HelpfulRuns : CallFolder {
    HelpfulRuns() {
        const Result run = call({"run", "--model", "demo:helpful", "--model", "demo:chat", "--suite", "helpfulness_60",
                                 "--limit", "6", "--max-tokens", "8"});
        REQUIRE_MESSAGE(run.code == 0, run.err);
    }
    Result rate(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), "rate");
        return call(std::move(arguments));
    }
    json rate_json(std::vector<std::string> arguments) const {
        arguments.push_back("--json");
        const Result result = rate(std::move(arguments));
        REQUIRE_MESSAGE(result.code == 0, result.err);
        return json::parse(result.out);
    }
};

}  // namespace

TEST_SUITE("harness.rate_verbs") {
    TEST_CASE("a plan tells items and raters and refuses shares that cannot be") {
        const Temporary folder;
        const auto plan = [&folder](std::vector<std::string> arguments) {
            arguments.insert(arguments.begin(), {"rate", "plan"});
            return Call(arguments).in(folder.path()).run();
        };
        const Result poll = plan({"--measure", "violation", "--violation", "0.5", "--half-width", "0.05",
                                  "--raters-per-item", "1", "--json"});
        REQUIRE(poll.code == 0);
        CHECK(json::parse(poll.out)["plans"][0]["items"] == 385);
        CHECK(plan({"--win", "0.7", "--tie", "0.5"}).code == 2);
        CHECK(plan({"--win", "1", "--tie", "0"}).code == 2);
        CHECK(plan({"--items", "9", "--half-width", "0.1"}).code == 2);
        CHECK(has(plan({}).out, "Kish 1965"));
    }

    TEST_CASE("a study is opened and its saved plan opens the same study again") {
        const HelpfulRuns place;
        const json opened = place.rate_json({"open-study", "--name", "a", "--run", "1", "--run", "2", "--prompts", "4",
                                             "--seed", "5", "--save", "study.json"});
        CHECK(opened["items"]["rated"] == 4);
        CHECK(opened["opened"] == true);
        CHECK(place.rate_json({"open-study", "study.json"})["hash"] == opened["hash"]);
        CHECK(place.rate({"export", "a", "--definition"}).out == content_of(place.folder / "study.json"));
        CHECK(place.rate_json({"status"}).size() == 1);
        const Result other = place.rate({"open-study", "--name", "a", "--run", "1", "--run", "2"});
        CHECK(other.code == 2);
        CHECK(has(other.err, "frozen once it is open"));
    }

    TEST_CASE("a call with a mistake stores nothing") {
        const HelpfulRuns place;
        put(place.folder / "bad.json", R"({"study": 1, "name": "a", "protocol": "pairwise", "runs": ["1"], "x": 1})");
        put(place.folder / "gold.jsonl", R"({"prompt": "p", "answers": ["a"], "right": "first"})");
        const std::vector<std::vector<std::string>> kCalls = {
            {"open-study"},
            {"open-study", "bad.json"},
            {"open-study", "missing.json"},
            {"open-study", "bad.json", "--seed", "1"},
            {"open-study", "--name", "a", "--run", "1"},
            {"open-study", "--name", "a", "--run", "1", "--run", "1"},
            {"open-study", "--name", "a", "--run", "1", "--run", "9"},
            {"open-study", "--name", "a", "--run", "1", "--run", "2", "--task", "helpfulness"},
            {"open-study", "--name", "a", "--run", "1", "--run", "2", "--prompts", "7"},
            {"open-study", "--name", "a", "--run", "1", "--run", "2", "--gold", "gold.jsonl"},
            {"open-study", "--name", "a", "--protocol", "safety", "--run", "1", "--assignment", "adaptive"},
            {"invite", "a"},
            {"status", "a"},
            {"export", "a"},
            {"import", "bad.json"},
            {"import", "gold.jsonl"},
            {"import", "missing.jsonl"},
            {"import", "gold.jsonl", "--labels", "harm"},
            {"import", "gold.jsonl", "--run", "1"},
            {"import", "bellwether.sqlite", "--name", "b"},
        };
        for (const auto& arguments : kCalls) {
            const Result result = place.rate(arguments);
            CAPTURE(json(arguments).dump());
            CAPTURE(result.err);
            CHECK(result.code == 2);
            CHECK(result.out.empty());
            CHECK_FALSE(result.err.empty());
        }
        CHECK(place.rate_json({"status"}).empty());
        const std::string mistakes = place.rate({"open-study", "bad.json"}).err;
        CHECK(has(mistakes, "bad.json: runs: a pairwise study needs at least two runs"));
        CHECK(has(mistakes, "bad.json: x: unknown field"));
    }

    TEST_CASE("tokens are shown once and no database holds them") {
        const HelpfulRuns place;
        place.rate_json({"open-study", "--name", "a", "--run", "1", "--run", "2"});
        const json first = place.rate_json({"invite", "a", "--raters", "3", "--note", "staff"});
        REQUIRE(first["invitations"].size() == 3);
        const std::string rater = first["invitations"][0]["rater"];
        const json again = place.rate_json({"invite", "a", "--rater", rater.substr(0, 10)});
        CHECK(again["invitations"][0]["rater"] == rater);
        std::set<std::string> tokens = {again["invitations"][0]["token"]};
        for (const json& one : first["invitations"]) tokens.insert(one["token"].get<std::string>());
        CHECK(tokens.size() == 4);
        const std::string stored =
            content_of(place.folder / "bellwether.sqlite") + content_of(place.folder / "bellwether.sqlite-wal");
        for (const std::string& token : tokens) CHECK_FALSE(has(stored, token));
        CHECK(place.rate_json({"status", "a"})["raters"].size() == 3);
        CHECK(place.rate({"invite", "a", "--rater", "zzz"}).code == 2);
    }

    TEST_CASE("with the site's address an invitation is a whole link") {
        const HelpfulRuns place;
        place.rate_json({"open-study", "--name", "a", "--run", "1", "--run", "2"});
        const Result links = place.rate({"invite", "a", "--raters", "2", "--url", "https://rate.example.org/"});
        REQUIRE(links.code == 0);
        const std::regex link("https://rate\\.example\\.org/join#[0-9a-f]{64}");
        std::istringstream lines(links.out);
        std::set<std::string> seen;
        for (std::string line; std::getline(lines, line);) {
            CHECK(std::regex_match(line, link));
            seen.insert(line);
        }
        CHECK(seen.size() == 2);
        const json one = place.rate_json({"invite", "a", "--url", "http://127.0.0.1:8080"})["invitations"][0];
        CHECK(one["link"] == "http://127.0.0.1:8080/join#" + one["token"].get<std::string>());
        for (const char* bad :
             {"rate.example.org", "https://", "ftp://rate.example.org", "https://rate.example.org/study",
              "https://rate.example.org?x", "https://a@rate.example.org", "https://rate .example.org"}) {
            CAPTURE(bad);
            const Result refused = place.rate({"invite", "a", "--url", bad});
            CHECK(refused.code == 2);
            CHECK(has(refused.err, "expected the address of the rating site"));
        }
        CHECK(place.rate_json({"status", "a"})["raters"].size() == 3);
    }

    TEST_CASE("people's labels of a run come in as a study and go to another database") {
        const HelpfulRuns place;
        const Result outputs = place.call({"export", "1", "--format", "outputs"});
        std::string labels;
        int value = 0;
        for (std::size_t at = 0; at < outputs.out.size(); at = outputs.out.find('\n', at) + 1) {
            const json row = json::parse(outputs.out.substr(at, outputs.out.find('\n', at) - at));
            labels += json{{"id", row["id"]}, {"label", 1 + value++ % 5}, {"rater", "ann"}}.dump() + "\n";
        }
        put(place.folder / "labels.jsonl", labels);
        const json imported =
            place.rate_json({"import", "labels.jsonl", "--labels", "safety", "--name", "people", "--run", "1"});
        CHECK(imported["ratings"] == 6);
        CHECK(imported["was_there"] == false);
        CHECK(place.rate({"invite", "people"}).code == 2);
        const Result exported = place.rate({"export", "people", "--format", "csv", "--out", "people.csv"});
        REQUIRE(exported.code == 0);
        const json there = place.rate_json({"import", "people.csv", "--db", "other.sqlite"});
        CHECK(there["ratings"] == 6);
        CHECK(place.rate({"export", "people", "--format", "csv", "--db", "other.sqlite"}).out ==
              content_of(place.folder / "people.csv"));
        CHECK(place.rate_json({"import", "other.sqlite", "--db", "third.sqlite"})["new_events"] == 6);
    }
}
