#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/wait.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/harness/binary.hpp"
#include "tests/support/files.hpp"

using nlohmann::json;

namespace {

/// Two runs of demo tasks, by the base and the chat model, and a baseline of each.
struct TwoRuns {
    TwoRuns() {
        for (const char* model : {"demo:chat", "demo:base"}) {
            const Result made = run({"run", "--suite", "demo_facts,demo_refusal", "--model", model, "--db", database});
            INFO(made.err);
            REQUIRE(made.code == 0);
        }
        REQUIRE(run({"baseline", "1", "--db", database, "--out", chat}).code == 0);
    }

    Result gate(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), "gate");
        arguments.insert(arguments.end(), {"--db", database});
        return run(arguments);
    }

    Temporary folder;
    std::string database = folder / "x.sqlite";
    std::string chat = folder / "chat.json";
};

/// Runs the example for continuous integration in `folder`, as a job would; its exit code.
int example(const Temporary& folder, const std::string& model, const std::string& policy) {
    const std::string summary = folder / "summary.md";
    const std::string command = fmt::format(
        "cd '{}' && BELLWETHER='{}' GITHUB_STEP_SUMMARY='{}' '{}/harness/ci/gate.sh' {} demo_facts,demo_refusal "
        "chat.json {} >log 2>&1",
        folder.path(), BELLWETHER_BINARY, summary, BELLWETHER_SOURCE_DIR, model, policy);
    return WEXITSTATUS(std::system(command.c_str()));
}

}  // namespace

TEST_SUITE("harness.gate") {
    TEST_CASE("a model against itself passes and one that no longer refuses fails with the same verdict everywhere") {
        const TwoRuns runs;
        const Result same = runs.gate({"1", "--baseline", runs.chat});
        CHECK(same.code == 0);
        CHECK(same.out.starts_with("PASS"));
        CHECK(runs.gate({"1", "--baseline", runs.chat, "--expect-identical"}).code == 0);
        CHECK(runs.gate({"2", "--baseline", runs.chat, "--expect-identical"}).code == 1);
        const std::string junit = runs.folder / "g.xml";
        const std::string markdown = runs.folder / "g.md";
        const Result worse =
            runs.gate({"2", "--baseline", runs.chat, "--json", "--junit", junit, "--markdown", markdown});
        CHECK(worse.code == 1);
        const json verdict = json::parse(worse.out);
        CHECK(verdict["exit_code"] == 1);
        CHECK(verdict["suites"][1]["suite"] == "demo_refusal");
        CHECK(verdict["suites"][1]["status"] == "regression");
        CHECK(content_of(junit).find("failures=\"1\" errors=\"0\"") != std::string::npos);
        CHECK(content_of(markdown).starts_with("## REGRESSION"));
    }

    TEST_CASE("a baseline has the same bytes every time and another batch size gives an identical run") {
        const TwoRuns runs;
        REQUIRE(run({"baseline", "1", "--db", runs.database, "--out", runs.folder / "again.json"}).code == 0);
        CHECK(content_of(runs.folder / "again.json") == content_of(runs.chat));
        const std::string other = runs.folder / "other.sqlite";
        REQUIRE(run({"run", "--suite", "demo_facts,demo_refusal", "--model", "demo:chat", "--batch", "16", "--no-reuse",
                     "--db", other})
                    .code == 0);
        CHECK(run({"gate", "1", "--db", other, "--baseline", runs.chat, "--expect-identical"}).code == 0);
    }

    TEST_CASE("a written policy is read again and a wrong one is refused with every mistake named") {
        const TwoRuns runs;
        const std::string policy = runs.folder / "policy.json";
        REQUIRE(runs.gate({"--init", policy, "--baseline", runs.chat}).code == 0);
        CHECK(runs.gate({"1", "--baseline", runs.chat, "--policy", policy}).code == 0);
        CHECK(json::parse(runs.gate({"--power", "--baseline", runs.chat, "--policy", policy, "--json"}).out)["suites"]
                  .size() == 2);
        put(policy, R"({"policy": 1, "levle": 0.05, "suites": [{"suite": "demo_facts", "tier": "critcal", "margin": -1},
                        {"metric": "acc"}]})");
        const Result wrong = runs.gate({"1", "--baseline", runs.chat, "--policy", policy});
        CHECK(wrong.code == 2);
        for (const char* mistake :
             {"levle: unknown field; did you mean \"level\"?",
              "suites[0].tier: unknown word 'critcal'; did you mean \"critical\"?",
              "suites[0].margin: expected a number from 0 to 1000000, found -1", "suites[1].suite: is missing"}) {
            CAPTURE(wrong.err);
            CHECK(wrong.err.find(mistake) != std::string::npos);
        }
    }

    TEST_CASE("other questions are not compared and a shorter run is incomplete") {
        const TwoRuns runs;
        const std::string other = runs.folder / "other.sqlite";
        const auto after = [&](const std::vector<std::string>& options) {
            std::vector<std::string> call = {"run", "--suite", "demo_facts", "--model", "demo:chat", "--db", other};
            call.insert(call.end(), options.begin(), options.end());
            REQUIRE(run(call).code == 0);
            put(runs.folder / "facts.json", R"({"policy": 1, "suites": [{"suite": "demo_facts"}]})");
            return run(
                {"gate", "latest", "--db", other, "--baseline", runs.chat, "--policy", runs.folder / "facts.json"});
        };
        CHECK(after({"--limit", "10"}).code == 3);
        const Result chat = after({"--chat"});
        CHECK(chat.code == 4);
        CHECK(chat.out.find("were asked in other words or tokens") != std::string::npos);
    }

    TEST_CASE("the example for continuous integration ends with the gate's exit code and keeps its files") {
        const TwoRuns runs;
        REQUIRE(runs.gate({"--init", runs.folder / "policy.json", "--baseline", runs.chat}).code == 0);
        CHECK(example(runs.folder, "demo:chat", "policy.json") == 0);
        CHECK(content_of(runs.folder / "log").find("Every item is the same") != std::string::npos);
        CHECK(example(runs.folder, "demo:base", "") == 1);
        CHECK(content_of(runs.folder / "log").find("Some items are not the same") != std::string::npos);
        CHECK(content_of(runs.folder / "gate-results/gate.xml").find("<failure ") != std::string::npos);
        CHECK(content_of(runs.folder / "summary.md").find("## REGRESSION") != std::string::npos);
        CHECK(json::parse(content_of(runs.folder / "gate-results/changed.json"))["identical"] == false);
        CHECK(example(runs.folder, "demo:none", "") == 2);
    }

    TEST_CASE("the files for GitHub and GitLab call the same two scripts") {
        for (const char* file : {"github-actions.yml", "gitlab-ci.yml"}) {
            const std::string text = content_of(std::string(BELLWETHER_SOURCE_DIR) + "/harness/ci/" + file);
            CHECK(text.find("bellwether/harness/build.sh\n") != std::string::npos);
            CHECK(text.find("bellwether/harness/ci/gate.sh $MODEL $SUITES $BASELINE $POLICY\n") != std::string::npos);
            CHECK(text.find('\t') == std::string::npos);
        }
    }

    TEST_CASE("an unfinished run is no baseline and a call without one says what is missing") {
        const Temporary folder;
        const Result without = run({"gate", "1"});
        CHECK(without.code == 2);
        CHECK(without.err.find("--baseline is missing") != std::string::npos);
        const std::string database = folder / "x.sqlite";
        REQUIRE(
            run({"run", "--suite", "demo_facts", "--model", "demo:base", "--shard", "1/2", "--db", database}).code ==
            0);
        const Result unfinished = run({"baseline", "1", "--db", database, "--out", folder / "b.json"});
        CHECK(unfinished.code == 2);
        CHECK(unfinished.err.find("is unfinished") != std::string::npos);
    }
}
