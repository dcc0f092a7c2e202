#include "harness/cli/variables.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "harness/cli/settings.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "tests/harness/cli/call.hpp"

using namespace harness::cli;

namespace {

std::vector<std::string> misspelt(const std::set<std::string>& names) {
    Verb root("bellwether", "");
    add_all_verbs(root);
    add_config_options(root);
    return misspelt_variables(root, names);
}

}  // namespace

TEST_SUITE("harness.cli") {
    TEST_CASE("a misspelt variable gets the nearest name that sets something") {
        for (const auto& row : std::vector<std::pair<std::string, std::string>>{
                 {"BELLWETHER_LIMT", "BELLWETHER_LIMIT"},
                 {"BELLWETHER_RUN_LIMTI", "BELLWETHER_RUN_LIMIT"},
                 {"BELLWETHER_CASHE", "BELLWETHER_CACHE"},
                 {"BELLWETHER_CONFG", "BELLWETHER_CONFIG"},
                 {"BELLWETHER_MAX_TOKEN", "BELLWETHER_MAX_TOKENS"},
                 {"BELLWETHER_VERBOSITY", "BELLWETHER_VERBOSE"},
                 {"BELLWETHER_SUITES_RENDER_FEWSHOTS", "BELLWETHER_SUITES_RENDER_FEWSHOT"},
                 {"BELWETHER_DB", "BELLWETHER_DB"},
                 {"bellwether_db", "BELLWETHER_DB"}}) {
            const auto& wrong = row.first;
            const auto& meant = row.second;
            const std::vector<std::string> notes = misspelt({wrong});
            CAPTURE(wrong);
            REQUIRE(notes.size() == 1);
            CHECK(notes[0] == fmt::format("${} sets nothing; did you mean \"{}\"?", wrong, meant));
        }
    }

    TEST_CASE("names that are right or far from any option or of other programs get no note") {
        CHECK(misspelt({"BELLWETHER_DB", "BELLWETHER_RUN_DB", "BELLWETHER_SUITES_LIMIT", "BELLWETHER_CACHE",
                        "BELLWETHER_SHARED", "BELLWETHER_NUM_FEWSHOT", "BELLWETHER_SCORE_CONTEXT", "BELLWETHER_CONFIG"})
                  .empty());
        CHECK(misspelt({"BELLWETHER_HOMEPAGE", "BELLWETHER_X", "BELLWETHER_", "BELLWETHER", "BELL_LIMT", "LIMT", "DB",
                        "XDG_CACHE_HOME", "LLAMA_LIMT", "_LIMT", ""})
                  .empty());
    }

    TEST_CASE("a misspelt variable is noted once and changes nothing else") {
        const Result right = Call({"suites", "show", "demo_facts"}).run();
        const Result noted = Call({"suites", "show", "demo_facts"}).with("BELLWETHER_LIMT", "5").run();
        CHECK(noted.code == 0);
        CHECK(noted.out == right.out);
        CHECK(noted.err == "$BELLWETHER_LIMT sets nothing; did you mean \"BELLWETHER_LIMIT\"?\n");
        const Result missing = Call({"run", "--suite", "demo"}).with("BELLWETHER_MODLE", "demo:base").run();
        CHECK(missing.code == 2);
        CHECK(missing.err.starts_with("$BELLWETHER_MODLE sets nothing; did you mean \"BELLWETHER_MODEL\"?\n"));
    }

    TEST_CASE("an option's other names are variables too") {
        const auto rendered = [](const char* variable) {
            return Call({"suites", "render", "demo_facts", "--limit", "1", "--jsonl"}).with(variable, "2").run().err;
        };
        CHECK(rendered("BELLWETHER_FEWSHOT").find("no few-shot examples") != std::string::npos);
        CHECK(rendered("BELLWETHER_SUITES_FEWSHOT") == rendered("BELLWETHER_FEWSHOT"));
        CHECK(rendered("BELLWETHER_NUM_FEWSHOT") == rendered("BELLWETHER_FEWSHOT"));
    }
}
