// Sequential gates as a person runs them.

#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/harness/binary.hpp"
#include "tests/support/files.hpp"

using nlohmann::json;

namespace {

/// A baseline of the chat model, and calls of `run --sequential` against it.
struct SequentialCalls {
    SequentialCalls() {
        REQUIRE(call("demo:chat", "base.sqlite", {}).code == 0);
        REQUIRE(run({"baseline", "latest", "--db", folder / "base.sqlite", "--out", baseline}).code == 0);
    }

    Result call(const std::string& model, const std::string& database, const std::vector<std::string>& options) const {
        std::vector<std::string> words = {"run", "--suite", "demo_sums,demo_refusal", "--model",
                                          model, "--db",    folder / database};
        words.insert(words.end(), options.begin(), options.end());
        return run(words);
    }

    Result sequential(const std::string& model, const std::string& database) const {
        return call(model, database, {"--sequential", "--baseline", baseline});
    }

    Result judged(const std::string& database, const std::vector<std::string>& options) const {
        std::vector<std::string> words = {"gate", "latest", "--db", folder / database, "--baseline", baseline};
        words.insert(words.end(), options.begin(), options.end());
        return run(words);
    }

    Temporary folder;
    std::string baseline = folder / "baseline.json";
};

}  // namespace

TEST_SUITE("harness.sequential_gate") {
    TEST_CASE("a sequential run stops early and its verdict can be repeated whatever else is stored") {
        const SequentialCalls calls;
        const Result same = calls.sequential("demo:chat", "same.sqlite");
        CHECK(same.code == 0);
        CHECK(same.out.starts_with("PASS"));
        CHECK(same.out.find("Decided at look 6 of 10") != std::string::npos);
        const json verdict = json::parse(calls.judged("same.sqlite", {"--sequential", "--json"}).out);
        CHECK(verdict["status"] == "pass");
        const json& suite = verdict["suites"][0];
        CHECK(suite["looks"] ==
              json{{"taken", 6}, {"planned", 10}, {"planned_items", suite["looks"]["planned_items"]}});
        CHECK(suite["items"] < suite["looks"]["planned_items"]);
        // The same run, completed: the looks see the same items as before.
        REQUIRE(calls.call("demo:chat", "same.sqlite", {}).code == 0);
        const json later = json::parse(calls.judged("same.sqlite", {"--sequential", "--json"}).out);
        CHECK(later["suites"] == verdict["suites"]);
        CHECK(calls.judged("same.sqlite", {}).code == 0);
    }

    TEST_CASE("a model that no longer refuses fails before all items are asked") {
        const SequentialCalls calls;
        const Result worse = calls.sequential("demo:base", "worse.sqlite");
        CHECK(worse.code == 1);
        CHECK(worse.out.find("a drop is proven at look") != std::string::npos);
        CHECK(worse.out.find("% fewer") != std::string::npos);
        CHECK(calls.judged("worse.sqlite", {"--sequential"}).code == 1);
        CHECK(calls.judged("worse.sqlite", {}).code == 3);
        // Called again it computes nothing and says the same.
        CHECK(calls.sequential("demo:base", "worse.sqlite").out == worse.out);
    }

    TEST_CASE("other documents than the baseline's are refused before anything is asked") {
        const SequentialCalls calls;
        const Result fewer =
            calls.call("demo:chat", "fewer.sqlite", {"--limit", "10", "--sequential", "--baseline", calls.baseline});
        CHECK(fewer.code == 2);
        CHECK(fewer.err.find("--limit") != std::string::npos);
        CHECK_FALSE(std::filesystem::exists(calls.folder / "fewer.sqlite"));
        CHECK(calls.call("demo:chat", "x.sqlite", {"--sequential"}).err.find("--baseline") != std::string::npos);
        CHECK(calls.call("demo:chat", "x.sqlite", {"--looks", "5"}).code == 2);
        CHECK(calls.call("demo:chat", "x.sqlite", {"--sequential", "--baseline", calls.baseline, "--shard", "1/2"})
                  .code == 2);
    }
}
