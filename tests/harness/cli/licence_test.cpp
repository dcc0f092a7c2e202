// Tests where people are told the terms of Llama 2's licence, and where they are not.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/harness/cli/call.hpp"
#include "tests/support/files.hpp"
#include "tests/support/text.hpp"

using nlohmann::json;

namespace {

constexpr const char* kNotice =
    "Llama 2 is licensed under the LLAMA 2 Community License, Copyright (c) Meta Platforms, Inc. All Rights Reserved.";

/// The embedded chat model under a name that says Llama 2; no weights of Meta's are in it.
struct Renamed {
    Renamed() {
        std::string bytes = content_of(std::string(BELLWETHER_SOURCE_DIR) + "/suites/demo/models/chat.gguf");
        const std::string name = "demo-chat";
        bytes.replace(bytes.find(name), name.size(), "llama-2-a");
        put(path(), bytes);
    }
    std::string path() const { return folder / "m.gguf"; }
    std::string database() const { return folder / "a.sqlite"; }
    Call asked(const std::vector<std::string>& more = {}) const {
        std::vector<std::string> words = {"run",     "--model", path(), "--suite", "demo_facts",
                                          "--limit", "2",       "--db", database()};
        words.insert(words.end(), more.begin(), more.end());
        return Call(words);
    }
    Result call(std::vector<std::string> words) const {
        words.insert(words.end(), {"--db", database()});
        return Call(words).run();
    }
    Temporary folder;
};

}  // namespace

TEST_SUITE("cli.licence") {
    TEST_CASE("run prints the notice once on standard error and leaves standard output as it is") {
        const Renamed model;
        const Result first = model.asked().run();
        REQUIRE(first.code == 0);
        CHECK(count_of(first.err, kNotice) == 1);
        CHECK(count_of(first.err, "700 million") == 1);
        CHECK(count_of(first.err, "(run 1): general.name is 'llama-2-a'") == 1);
        CHECK(count_of(first.out, "Llama 2") == 0);
        const Result as_json = model.asked({"--json"}).run();
        CHECK(json::parse(as_json.out)["run"] == 1);
        CHECK(count_of(as_json.err, kNotice) == 1);
    }

    TEST_CASE("the notice is silenced by option or environment or configuration file") {
        const Renamed model;
        put(model.folder / "bellwether.toml", "no-licence-notice = true\n");
        REQUIRE(model.asked({"--no-licence-notice"}).run().code == 0);
        CHECK(count_of(model.asked({"--no-licence-notice"}).run().err, "Meta Platforms") == 0);
        CHECK(count_of(model.asked().with("BELLWETHER_NO_LICENCE_NOTICE", "true").run().err, "Meta Platforms") == 0);
        CHECK(count_of(model.asked().in(model.folder.path()).run().err, "Meta Platforms") == 0);
        CHECK(count_of(model.asked().run().err, kNotice) == 1);
    }

    TEST_CASE("reports and exports of the run carry the terms") {
        const Renamed model;
        REQUIRE(model.asked().run().code == 0);
        for (const char* ending : {".html", ".json"}) {
            const std::string file = model.folder / (std::string("r") + ending);
            REQUIRE(model.call({"report", "1", "--out", file}).code == 0);
            CHECK(count_of(content_of(file), kNotice) == 1);
            REQUIRE(model.call({"report", "1", "--out", file, "--no-licence-notice"}).code == 0);
            CHECK(count_of(content_of(file), kNotice) == 0);
        }
        CHECK(count_of(model.call({"show", "1"}).out, kNotice) == 1);
        CHECK(count_of(model.call({"compare", "1", "1", "--no-licence-notice"}).out, kNotice) == 0);
        const Result lines = model.call({"export", "1"});
        CHECK(count_of(lines.err, kNotice) == 1);
        CHECK(count_of(lines.out, R"("licence":"LLAMA 2 Community License")") == 2);  // one a line
        const Result silenced = model.call({"export", "1", "--no-licence-notice"});
        CHECK(silenced.err.empty());
        CHECK(silenced.out == lines.out);
    }

    TEST_CASE("the demo models are not Llama 2's weights and have no notice") {
        const Temporary folder;
        const std::string database = folder / "a.sqlite";
        const Result result =
            Call({"run", "--model", "demo:chat", "--suite", "demo_facts", "--limit", "2", "--db", database}).run();
        REQUIRE(result.code == 0);
        CHECK(count_of(result.err, "Meta Platforms") == 0);
        const Result lines = Call({"export", "1", "--db", database}).run();
        CHECK(lines.err.empty());
        CHECK(count_of(lines.out, "licence") == 0);
    }
}
