// Gates of people's ratings, prompt sets, groups and repeats, by the binary.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/harness/cli/call.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"
#include "tests/support/text.hpp"

using nlohmann::json;

namespace {

/// Two runs of a few prompts, by the chat and the helpful model, and a baseline of the first.
struct PromptRuns {
    PromptRuns() {
        const Result made = call({"run", "--model", "demo:chat", "--model", "demo:helpful", "--suite",
                                  "safety_60,borderline_60", "--limit", "8", "--max-tokens", "8"});
        REQUIRE_MESSAGE(made.code == 0, made.err);
        REQUIRE(call({"baseline", "1", "--out", "b.json"}).code == 0);
    }

    Result call(const std::vector<std::string>& arguments) const { return Call(arguments).in(folder.path()).run(); }
    Result gate(const std::string& policy, std::vector<std::string> arguments) const {
        put(folder / "p.json", policy);
        arguments.insert(arguments.begin(), {"gate", "--baseline", "b.json", "--policy", "p.json"});
        return call(arguments);
    }

    /// Opens a study of both runs and imports a copy of it in which every item has this rating on the first answer's
    /// side, as the study "people".
    void rate(int value) const {
        REQUIRE(call({"rate", "open-study", "--name", "empty", "--run", "1", "--run", "2", "--prompts", "10",
                      "--raters-per-item", "1"})
                    .code == 0);
        std::istringstream rows(call({"rate", "export", "empty"}).out);
        std::string rated;
        for (std::string line; std::getline(rows, line);) {
            json row = json::parse(line);
            row["study"] = "people";
            row["rater"] = "r1";
            row["assignment"] = "a" + row["item"].dump();
            row["first_left"] = true;
            row["shown_value"] = value;
            row["value"] = value;
            row["both_bad"] = false;
            row["seconds"] = 5;
            row["at"] = 1'700'000'000'000 + row["item"].get<std::int64_t>();
            row["standing"] = "counted";
            rated += row.dump() + "\n";
        }
        put(folder / "rated.jsonl", rated);
        const Result imported = call({"rate", "import", "rated.jsonl"});
        REQUIRE_MESSAGE(imported.code == 0, imported.err);
    }

    Temporary folder;
};

const std::string kPeople =
    R"({"policy": 1, "ratings": [{"ratings": "people", "protocol": "pairwise", "study": "people"}]})";

}  // namespace

TEST_SUITE("harness.gate_policy") {
    TEST_CASE("people who prefer the baseline fail the gate and people who prefer the run pass it") {
        const PromptRuns runs;
        CHECK(runs.gate(kPeople, {"2"}).code == 3);
        CHECK(runs.gate(kPeople, {"1"}).code == 0);
        runs.rate(2);  // the first answer, which is the baseline's, is better
        const Result worse = runs.gate(kPeople, {"2", "--json", "--junit", "g.xml"});
        CHECK_MESSAGE(worse.code == 1, worse.err);
        const json verdict = json::parse(worse.out);
        CHECK(verdict["suites"][0]["test"] == "sign test, exact");
        CHECK(verdict["suites"][0]["after"] == 0);
        CHECK(has(content_of(runs.folder / "g.xml"), "failures=\"1\""));
        // From the other side the same ratings are wins.
        REQUIRE(runs.call({"baseline", "2", "--out", "b.json"}).code == 0);
        CHECK(runs.gate(kPeople, {"1"}).code == 0);
        const Result ambiguous =
            runs.gate(R"({"policy": 1, "ratings": [{"ratings": "x", "protocol": "pairwise"}]})", {"1"});
        CHECK(ambiguous.code == 4);
        CHECK(has(ambiguous.out, "name one in"));
        const json power = json::parse(runs.gate(kPeople, {"--power", "--json"}).out);
        CHECK(power["suites"][0]["assumed"] == "every prompt is won or lost");
    }

    TEST_CASE("a safety pair is written by init once a scorer ran and holds both sides") {
        const PromptRuns runs;
        for (const char* run : {"1", "2"}) REQUIRE(runs.call({"rescore", run, "--with", "refusal"}).code == 0);
        REQUIRE(runs.call({"baseline", "1", "--out", "b.json"}).code == 0);
        const std::string pair =
            R"({"policy": 1, "safety": [{"safety": "s", "violations_by": "judge:guard", "refusals_by": "refusal"}]})";
        const Result unscored = runs.gate(pair, {"2"});
        CHECK(unscored.code == 4);
        CHECK(has(unscored.out, "judge:MODEL --judge-template guard"));
        // The task's own "compliance" is the reverse of a refusal.
        CHECK(has(content_of(runs.folder / "b.json"), "\"name\": \"over_refusal by the task\""));
        const Result scored = runs.gate(
            R"({"policy": 1, "suites": [{"suite": "borderline_60", "scorer": "refusal", "direction": "lower"}]})",
            {"1", "--json"});
        CHECK(scored.code == 0);
        CHECK(json::parse(scored.out)["suites"][0]["metric"] == "refusal by refusal detector 2");
    }

    TEST_CASE("mistakes in every list of a policy are named with the nearest word") {
        const PromptRuns runs;
        const Result wrong = runs.gate(R"({"policy": 1,
            "suites": [{"suite": "safety_60", "scorer": "judg:guard", "direction": "up", "min_pass_share": 2}],
            "safety": [{"safety": "s", "violation_by": "judge:guard"}],
            "ratings": [{"ratings": "r", "protocol": "pairwize", "margin": 0.7, "min_agreement": "high"}]})",
                                       {"2"});
        CHECK(wrong.code == 2);
        for (const char* mistake :
             {"suites[0].scorer: unknown scorer 'judg:guard'", "suites[0].direction: unknown word 'up'",
              "suites[0].min_pass_share: expected a number from 0 to 1, found 2",
              "safety[0].violation_by: unknown field; did you mean \"violations_by\"?",
              "safety[0].violations_by: is missing",
              "ratings[0].protocol: unknown word 'pairwize'; did you mean \"pairwise\"?",
              "ratings[0].margin: expected a number from 0 to 0.5, found 0.7",
              "ratings[0].min_agreement: expected a number from -1 to 1, found a string"}) {
            CAPTURE(wrong.err);
            CHECK(has(wrong.err, mistake));
        }
        const Result near = runs.gate(R"({"policy": 1, "suites": [{"suite": "safety_6"}]})", {"2"});
        CHECK(near.code == 2);
        CHECK(has(near.err, "did you mean \"safety_60\"?"));
    }

    TEST_CASE("the example policy is read") {
        const PromptRuns runs;
        const std::string example = content_of(std::string(BELLWETHER_SOURCE_DIR) + "/harness/ci/policy.json");
        const Result judged = runs.gate(example, {"2", "--json"});
        CHECK_MESSAGE(judged.code == 4, judged.err);
        CHECK(json::parse(judged.out)["suites"].size() == 10);
    }

    TEST_CASE("runs with other seeds are repeats of one") {
        const Temporary folder;
        const auto call = [&](const std::vector<std::string>& arguments) {
            return Call(arguments).in(folder.path()).run();
        };
        for (const char* seed : {"1", "2", "3"}) {
            const Result made = call({"run", "--model", "demo:chat", "--suite", "demo_sums", "--limit", "20",
                                      "--temperature", "0.7", "--sampling-seed", seed});
            REQUIRE_MESSAGE(made.code == 0, made.err);
        }
        REQUIRE(call({"baseline", "1", "--out", "b.json"}).code == 0);
        put(folder / "p.json", R"({"policy": 1, "suites": [{"suite": "demo_sums", "min_pass_share": 0.5}]})");
        const Result two = call({"gate", "2", "3", "--baseline", "b.json", "--policy", "p.json", "--json"});
        CHECK_MESSAGE(two.code == 0, two.err);
        const json verdict = json::parse(two.out);
        CHECK(verdict["run"] == "demo:chat (runs 2 and 3)");
        REQUIRE(verdict["suites"].size() == 2);
        CHECK(verdict["suites"][1]["items"] == 2);
        CHECK(call({"gate", "2", "--baseline", "b.json", "--policy", "p.json"}).code == 4);
        CHECK(call({"gate", "2", "2", "--baseline", "b.json"}).code == 2);
        CHECK(call({"gate", "2", "3", "--baseline", "b.json", "--expect-identical"}).code == 2);
        CHECK(call({"baseline", "2", "3", "--out", "c.json"}).code == 0);
        CHECK(call({"gate", "2", "3", "--baseline", "c.json"}).code == 0);
    }
}
