#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/harness/cli/call.hpp"
#include "tests/harness/cli/harmless.hpp"

using nlohmann::json;

TEST_SUITE("harness.cli") {
    TEST_CASE("no verb that reads prompt sets lets their control characters reach a terminal") {
        const Temporary folder;
        const std::string controls = "\x1b]0;OWNED\x07\x1b[31m\xC2\x9b\xE2\x80\xAE\r\x7f";
        put(folder / "set.jsonl", json{{"id", "a" + controls},
                                       {"turns", {{{"role", "user"}, {"content", "What" + controls}}}},
                                       {"category", "c" + controls},
                                       {"language", "l" + controls},
                                       {"persona", "p" + controls},
                                       {"note", "n" + controls},
                                       {"version", 1},
                                       {"contrast", "x" + controls}}
                                          .dump() +
                                      "\n");
        put(folder / "wrong.jsonl", json{{"id" + controls, "a"}, {"turns", controls}}.dump() + "\n");
        for (const auto& call : std::vector<std::pair<std::vector<std::string>, int>>{
                 {{"prompts", "list", "set.jsonl"}, 0},
                 {{"prompts", "list", "set.jsonl", "--tag", "category=" + controls}, 2},
                 {{"prompts", "show", "set.jsonl"}, 0},
                 {{"prompts", "show", "set.jsonl", "a" + controls}, 0},
                 {{"prompts", "show", "set.jsonl", controls}, 2},
                 {{"prompts", "check", "set.jsonl", "--against", "set.jsonl"}, 1},
                 {{"prompts", "check", "wrong.jsonl"}, 2},
                 {{"prompts", "import", "set.jsonl", "--name", "mine", "--out", "o" + controls}, 0},
                 {{"prompts", "import", "wrong.jsonl", "--name", "mine", "--out", "o", "--field", controls}, 2}}) {
            const auto& arguments = call.first;
            const int code = call.second;
            const Result result = Call(arguments).in(folder.path()).run();
            CAPTURE(arguments.at(1));
            CAPTURE(result.err);
            CHECK(result.code == code);
            check_harmless(result);
        }
        check_json(Call({"prompts", "list", "set.jsonl", "--json"}).in(folder.path()).run());
        check_json(Call({"prompts", "show", "set.jsonl", "a" + controls, "--json"}).in(folder.path()).run());
    }

    TEST_CASE("labelled answers with control characters are evaluated without printing these") {
        const Temporary folder;
        const std::string controls = "\x1b]0;OWNED\x07\x1b[31m\xC2\x9b\xE2\x80\xAE\r\x7f";
        put(folder / "labels.jsonl", json{{"id", "a" + controls},
                                          {"answer", "I can\x1b\xC2\x9b't\x7f help" + controls},
                                          {"label", "full_compliance"}}
                                             .dump() +
                                         "\n");
        put(folder / "wrong.jsonl", json{{"answer", "a"}, {"label", controls}}.dump() + "\n");
        const auto call = [&](const std::vector<std::string>& arguments) {
            Result result = Call(arguments).in(folder.path()).run();
            check_harmless(result);
            return result;
        };
        CHECK(call({"judge", "eval", "--labels", "labels.jsonl"}).code == 0);
        CHECK(call({"judge", "eval", "--labels", "wrong.jsonl"}).code == 2);
        CHECK(call({"judge", "eval", "--labels", controls}).code == 2);
        CHECK(call({"judge", "eval", "--labels", "labels.jsonl", "--with", controls}).code == 2);
        check_json(call({"judge", "eval", "--labels", "labels.jsonl", "--json"}));
    }

    TEST_CASE("pairs and reward models with control characters are read without printing these") {
        const Temporary folder;
        const std::string controls = "\x1b]0;OWNED\x07\x1b[31m\xC2\x9b\xE2\x80\xAE\r\x7f";
        std::string pairs;
        for (int i = 0; i < 20; ++i)
            pairs += json{{"prompt", controls + std::to_string(i)}, {"chosen", "a" + controls}, {"rejected", controls}}
                         .dump() +
                     "\n";
        put(folder / "pairs.jsonl", pairs);
        put(folder / "wrong.jsonl",
            json{{"prompt", "p"}, {"chosen", "a"}, {"rejected", "b"}, {"strength", controls}}.dump() + "\n");
        put(folder / "wrong.json", json{{"format", controls}}.dump());
        const std::string name = "r" + controls;
        const std::vector<std::string> train = {"reward",  "train", name,     "--backbone", "demo:chat",
                                                "--layer", "1",     "--pool", "last"};
        const auto with = [](std::vector<std::string> arguments, const std::vector<std::string>& more) {
            arguments.insert(arguments.end(), more.begin(), more.end());
            return arguments;
        };
        for (const auto& call : std::vector<std::pair<std::vector<std::string>, int>>{
                 {with(train, {"--pairs", "wrong.jsonl"}), 2},
                 {with(train, {"--pairs", controls}), 2},
                 {with(train, {"--pairs", "pairs.jsonl"}), 0},
                 {with(train, {"--pairs", "pairs.jsonl"}), 2},
                 {{"reward", "eval", name, "--pairs", "pairs.jsonl"}, 0},
                 {{"reward", "list"}, 0},
                 {{"reward", "export", name, "--out", "r.json"}, 0},
                 {{"reward", "export", controls, "--out", "s.json"}, 2},
                 {{"reward", "import", "r.json", "--db", "b.sqlite"}, 0},
                 {{"reward", "import", "wrong.json"}, 2}}) {
            const auto& arguments = call.first;
            const int code = call.second;
            const Result result = Call(arguments).in(folder.path()).run();
            CAPTURE(arguments.at(1));
            CAPTURE(result.err);
            CHECK(result.code == code);
            check_harmless(result);
        }
        check_json(Call({"reward", "list", "--json"}).in(folder.path()).run());
    }

    TEST_CASE("studies and ratings with control characters are read without printing these") {
        const Temporary folder;
        const std::string controls = "\x1b]0;OWNED\x07\x1b[31m\xC2\x9b\xE2\x80\xAE\r\x7f";
        const auto row = [&controls](const std::string& rater) {
            return json{{"study", "s" + controls},
                        {"protocol", "safety"},
                        {"item", 0},
                        {"category", controls},
                        {"turns", json::array({{{"role", "user"}, {"content", controls}}})},
                        {"first_variant", controls},
                        {"first_text", controls},
                        {"rater", rater},
                        {"assignment", rater},
                        {"shown_value", 3},
                        {"at", 1}}
                       .dump() +
                   "\n";
        };
        put(folder / "rows.jsonl", row("a" + controls) + row("b"));
        put(folder / "twice.jsonl", row(controls) + row(controls));
        put(folder / "wrong.jsonl", json{{"study", "s"}, {"protocol", controls}}.dump() + "\n");
        put(folder / "study.json", json{{"study", 1}, {"name", controls}, {controls, controls}}.dump());
        const std::string name = "s" + controls;
        for (const auto& call : std::vector<std::pair<std::vector<std::string>, int>>{
                 {{"rate", "import", "rows.jsonl"}, 0},
                 {{"rate", "import", "rows.jsonl", "--name", controls}, 0},
                 {{"rate", "import", "twice.jsonl"}, 2},
                 {{"rate", "import", "wrong.jsonl"}, 2},
                 {{"rate", "import", "rows.jsonl", "--labels", "harm", "--name", controls}, 2},
                 {{"rate", "open-study", "study.json"}, 2},
                 {{"rate", "open-study", "--name", "x", "--run", controls, "--run", "1"}, 2},
                 {{"rate", "status"}, 0},
                 {{"rate", "status", name}, 0},
                 {{"rate", "status", controls}, 2},
                 {{"rate", "invite", name}, 2},
                 {{"rate", "export", name, "--out", "out.jsonl"}, 0},
                 {{"rate", "export", controls}, 2},
                 {{"rate", "plan", "--win", controls}, 2}}) {
            const auto& arguments = call.first;
            const int code = call.second;
            const Result result = Call(arguments).in(folder.path()).run();
            CAPTURE(json(arguments).dump());
            CAPTURE(result.err);
            CHECK(result.code == code);
            check_harmless(result);
        }
        check_json(Call({"rate", "status", "--json"}).in(folder.path()).run());
    }

    TEST_CASE("no verb that opens a model lets its name or its strings reach a terminal") {
        const auto model = shared_data("models/stories260K.gguf");
        if (!model) return;
        const Temporary folder;
        // Strings of the file's metadata change in place, so that all lengths stay true.
        std::string file = content_of(*model);
        constexpr std::string_view kKey = "general.name";
        if (const std::size_t at = file.find(kKey); at != std::string::npos) {
            constexpr std::size_t kBeforeText = 4 + 8;  // type and length
            file.replace(at + kKey.size() + kBeforeText, 4, "\x1b[1m");
        }
        for (std::size_t at = 0, replaced = 0; replaced < 50; ++replaced) {  // pieces of the vocabulary
            at = file.find("\xE2\x96\x81", at + 1);
            if (at == std::string::npos) break;
            file.replace(at, 3, "\x1b[m");
        }
        const std::string hostile = "m\x1b]0;X\x07\x1b[31m\xC2\x9b.gguf";
        put(folder / hostile, file);
        put(folder / "text.txt", "Once upon a time");
        for (const std::vector<std::string>& call : std::vector<std::vector<std::string>>{
                 {"inspect", hostile},
                 {"inspect", hostile, "--tensors"},
                 {"tokenize", hostile, "Once upon a time"},
                 {"generate", hostile, "--prompt", "Once upon", "--max-tokens", "8"},
                 {"score", hostile, "--context", "Once upon", "--continuation", " a time"},
                 {"perplexity", hostile, "text.txt"},
                 {"bench", hostile, "--only", "decode"},
                 {"bench", hostile, "--task", "demo_facts", "--limit", "1"},
                 {"run", "--model", hostile, "--suite", "demo_facts", "--limit", "2", "--verbose"},
                 {"runs"},
                 {"show", "1"},
                 {"show", "1", "--plan"},
                 {"show", "1", "--item", "0"}}) {
            CAPTURE(call[0]);
            const Result result = Call(call).in(folder.path()).run();
            CAPTURE(result.err);
            CHECK(result.code == 0);
            check_harmless(result);
            // With a progress bar, which alone may redraw its line.
            Result drawn = Call(call).in(folder.path()).with("TERM", "xterm").with("NO_COLOR", "1").run_on_terminal(60);
            for (const std::string own : {"\r\033[K", "\r\n"}) {
                for (std::size_t at = 0; (at = drawn.out.find(own, at)) != std::string::npos;)
                    drawn.out.replace(at, own.size(), "\n");
            }
            check_harmless(drawn);
        }
    }
}
