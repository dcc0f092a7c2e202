#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/harness/cli/call.hpp"

namespace {

/// How many documents of `demo_facts` a call renders.
std::ptrdiff_t rendered(const Call& call) {
    const Result result = call.run();
    INFO(result.err);
    REQUIRE(result.code == 0);
    std::ptrdiff_t documents = 0;
    std::string last;
    for (std::size_t at = 0; at < result.out.size();) {
        const std::size_t end = result.out.find('\n', at);
        const auto line = nlohmann::json::parse(result.out.substr(at, end - at));
        if (line["doc"].dump() != last) ++documents;
        last = line["doc"].dump();
        at = end + 1;
    }
    return documents;
}

const std::vector<std::string> kRender = {"suites", "render", "demo_facts", "--jsonl"};

std::vector<std::string> with(std::vector<std::string> call, const std::vector<std::string>& more) {
    call.insert(call.end(), more.begin(), more.end());
    return call;
}

}  // namespace

TEST_SUITE("harness.cli") {
    TEST_CASE("the command line overrides the environment and that files and those the defaults") {
        const Temporary folder;
        const Temporary config;
        std::filesystem::create_directory(config / "bellwether");
        put(config / "bellwether/config.toml", "limit = 7\n");
        CHECK(rendered(Call(kRender).in(folder.path()).with("XDG_CONFIG_HOME", config.path())) == 7);
        put(folder / "bellwether.toml", "limit = 6\n");
        CHECK(rendered(Call(kRender).in(folder.path()).with("XDG_CONFIG_HOME", config.path())) == 6);
        put(folder / "bellwether.toml", "limit = 6\n[suites]\nlimit = 5\n");
        CHECK(rendered(Call(kRender).in(folder.path())) == 5);
        put(folder / "bellwether.toml",
            "limit = 6\n[suites]\nlimit = 5\n[suites.render]\nlimit = 4\n[run]\nlimit = 9\n");
        CHECK(rendered(Call(kRender).in(folder.path())) == 4);
        CHECK(rendered(Call(kRender).in(folder.path()).with("BELLWETHER_LIMIT", "3")) == 3);
        CHECK(rendered(Call(kRender)
                           .in(folder.path())
                           .with("BELLWETHER_LIMIT", "3")
                           .with("BELLWETHER_SUITES_RENDER_LIMIT", "2")) == 2);
        CHECK(rendered(Call(with(kRender, {"--limit", "1"}))
                           .in(folder.path())
                           .with("BELLWETHER_LIMIT", "3")
                           .with("BELLWETHER_SUITES_RENDER_LIMIT", "2")) == 1);
    }

    TEST_CASE("a named configuration file replaces the others") {
        const Temporary folder;
        put(folder / "bellwether.toml", "limit = 6\n");
        put(folder / "other.toml", "fewshot = 0\n[suites.render]\nlimit = 2\n");
        CHECK(rendered(Call(with(kRender, {"--config", "other.toml"})).in(folder.path())) == 2);
        CHECK(rendered(Call(kRender).in(folder.path()).with("BELLWETHER_CONFIG", "other.toml")) == 2);
        CHECK(rendered(Call(with(kRender, {"--config=", "--limit", "3"})).in(folder.path())) == 3);
        const Result missing = Call(with(kRender, {"--config", "none.toml"})).in(folder.path()).run();
        CHECK(missing.code == 2);
        CHECK(missing.err.find("none.toml") != std::string::npos);
    }

    TEST_CASE("a mistake in a configuration file or variable is named with its place") {
        const Temporary folder;
        const auto complaint = [&folder](const std::string& file) {
            put(folder / "bellwether.toml", file);
            const Result result = Call(kRender).in(folder.path()).run();
            CHECK(result.code == 2);
            CHECK(result.out.empty());
            CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
            return result.err;
        };
        CHECK(complaint("\nlimt = 6\n")
                  .find("bellwether.toml:2: 'limt' is not an option of 'bellwether'; did you mean \"limit\"?") !=
              std::string::npos);
        CHECK(complaint("[run]\njsonl = true\n")
                  .find("bellwether.toml:2: 'jsonl' is not an option of 'bellwether run'") != std::string::npos);
        CHECK(complaint("[rum]\n").find("did you mean \"run\"?") != std::string::npos);
        CHECK(complaint("limit = 'many'\n").find("bellwether.toml:1: limit: expected a positive integer, got 'many'") !=
              std::string::npos);
        CHECK(complaint("limit = [1, 2]\n").find("bellwether.toml:1: limit: expected one value, got an array") !=
              std::string::npos);
        CHECK(complaint("limit = 2020-01-01\n").find("bellwether.toml:1: limit: expected a string") !=
              std::string::npos);
        CHECK(complaint("limit = \n").find("bellwether.toml:1:9: not TOML: ") != std::string::npos);
        CHECK(complaint("limit = 1\nlimit = 2\n").find("bellwether.toml:2:9: not TOML: ") != std::string::npos);
        const auto of_flag = [&folder](const std::string& file) {
            put(folder / "bellwether.toml", file);
            const Result result = Call({"suites", "render", "demo_facts"}).in(folder.path()).run();
            CHECK(result.code == 2);
            return result.err;
        };
        CHECK(
            of_flag("[suites.render]\njsonl = 7\n").find("bellwether.toml:2: jsonl: expected true or false, got '7'") !=
            std::string::npos);
        CHECK(of_flag("jsonl = 'perhaps'\n").find("bellwether.toml:1: jsonl: expected true or false, got 'perhaps'") !=
              std::string::npos);
        put(folder / "bellwether.toml", "");
        const Result variable = Call(kRender).in(folder.path()).with("BELLWETHER_LIMIT", "-3").run();
        CHECK(variable.code == 2);
        CHECK(variable.err.find("$BELLWETHER_LIMIT: expected a positive integer, got '-3'") != std::string::npos);
    }

    TEST_CASE("files and variables set flags and lists and options that the command line would require") {
        const Temporary folder;
        put(folder / "bellwether.toml",
            "json = true\n[run]\nmodel = [\"demo:base\", \"demo:chat\"]\nsuite = \"demo_facts\"\nlimit = 1\ndb = "
            "\"a#1.sqlite\"\n");
        const Result both = Call({"run"}).in(folder.path()).run();
        INFO(both.err);
        REQUIRE(both.code == 0);
        CHECK(nlohmann::json::parse(both.out)["runs"].size() == 2);
        CHECK(std::filesystem::exists(folder / "a#1.sqlite"));
        CHECK(nlohmann::json::parse(Call({"runs"}).in(folder.path()).with("BELLWETHER_DB", "a#1.sqlite").run().out)
                  .size() == 2);
        const Result text = Call({"runs", "--json=false"}).in(folder.path()).with("BELLWETHER_DB", "a#1.sqlite").run();
        CHECK(text.out.find("demo:chat") != std::string::npos);
        CHECK(text.out.front() != '[');
    }

    TEST_CASE("a file's setting is ignored if it conflicts with the command line") {
        const Temporary folder;
        put(folder / "bellwether.toml", "against = \"llama-2-7b\"\nlimit = 3\nsystem = \"Be brief.\"\ncontext = 64\n");
        REQUIRE(Call({"run", "--model", "demo:base", "--suite", "demo_facts", "--limit", "2", "--chat"})
                    .in(folder.path())
                    .run()
                    .code == 0);
        CHECK(Call({"compare", "1", "1", "--items"}).in(folder.path()).run().code == 0);
        // --context of this verb is a text, so the number above does not apply.
        const auto context = [&folder](const std::string& tables) {
            put(folder / "bellwether.toml", "context = 64\n" + tables);
            const Result scored =
                Call({"score", "demo:base", "--continuation", " sky", "--json"}).in(folder.path()).run();
            return nlohmann::json::parse(scored.out)["context_tokens"].get<int>();
        };
        CHECK(context("") == 1);  // BOS
        CHECK(context("[score]\ncontext = \"The blue\"\n") > 1);
    }

    TEST_CASE("a limit for runs does not shorten what compare prints") {
        const Temporary folder;
        for (const char* model : {"demo:base", "demo:chat"})
            REQUIRE(
                Call({"run", "--model", model, "--suite", "demo_facts", "--limit", "2"}).in(folder.path()).run().code ==
                0);
        const auto says_more = [&folder](const std::string& settings) {
            put(folder / "bellwether.toml", settings);
            const Result compared = Call({"compare", "1", "2", "--items"}).in(folder.path()).run();
            REQUIRE(compared.out.find("2 documents compared, 2 differ") != std::string::npos);
            return compared.out.find("1 more document with differences") != std::string::npos;
        };
        CHECK_FALSE(says_more("limit = 1\n"));
        CHECK(says_more("[compare]\nlimit = 1\n"));
    }

    TEST_CASE("--verbose says where settings come from") {
        const Temporary folder;
        put(folder / "bellwether.toml", "[run]\nlimit = 1\n");
        const Result result = Call({"run", "--model", "demo:base", "--suite", "demo_facts", "-v"})
                                  .in(folder.path())
                                  .with("BELLWETHER_SEED", "5")
                                  .run();
        CHECK(result.code == 0);
        CHECK(result.err.find("--limit 1 (bellwether.toml:2: limit)\n") != std::string::npos);
        CHECK(result.err.find("--seed 5 ($BELLWETHER_SEED)\n") != std::string::npos);
    }

    TEST_CASE("a number for the engine's context is not the text of score") {
        const Temporary folder;
        put(folder / "bellwether.toml", "context = 64\n");
        const auto tokens = [&folder](const char* variable, const char* value) {
            const Result scored = Call({"score", "demo:base", "--continuation", " sky", "--json"})
                                      .in(folder.path())
                                      .with(variable, value)
                                      .run();
            INFO(scored.err);
            REQUIRE(scored.code == 0);
            return nlohmann::json::parse(scored.out)["context_tokens"].get<int>();
        };
        CHECK(tokens("TERM", "dumb") == 1);  // BOS
        CHECK(tokens("BELLWETHER_CONTEXT", "64") == 1);
        CHECK(tokens("BELLWETHER_SCORE_CONTEXT", "The blue") > 1);
        const Result planned = Call({"inspect", "demo:base", "--json"}).in(folder.path()).run();
        CHECK(nlohmann::json::parse(planned.out)["memory"]["context"] == 64);
    }

    TEST_CASE("the cache folder has its own variable") {
        const Temporary cache;
        const Temporary folder;
        std::filesystem::create_directories(cache / "piqa");
        put(cache / "piqa/validation.jsonl",
            R"({"goal":"Open a jar","sol1":"Turn the lid","sol2":"Eat the lid","label":0})"
            "\n");
        const std::vector<std::string> call = {"suites", "render", "piqa", "--limit", "1", "--jsonl"};
        CHECK(rendered(Call(call).in(folder.path()).with("BELLWETHER_CACHE", cache.path())) == 1);
        CHECK(Call(call).in(folder.path()).run().code == 2);
    }
}
