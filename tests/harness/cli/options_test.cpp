#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/harness/cli/call.hpp"

using nlohmann::json;

namespace {

/// Names of libraries and C++, which a user must not see.
const std::vector<std::string> kLibraryWords = {
    "json.exception", "CLI::",  "Required", "filesystem error", "basic_string",
    "bad_alloc",      "toml::", "std::",    "what():",          "terminate",
    "stoi",           "#0",     "#1",       "boost::",          "regex_error"};

/// A message for a user is one line of the program that names no library.
void check_message(const std::string& message) {
    CHECK(message.starts_with("bellwether: "));
    CHECK(std::count(message.begin(), message.end(), '\n') == 1);
    for (const std::string& word : kLibraryWords) CHECK(message.find(word) == std::string::npos);
}

std::string complaint(const std::vector<std::string>& arguments) {
    const Temporary folder;
    const Result result = Call(arguments).in(folder.path()).run();
    std::string shown;
    for (const std::string& argument : arguments) shown += "[" + argument + "] ";
    CAPTURE(shown);
    CAPTURE(result.err);
    CHECK(result.code == 2);
    CHECK(result.out.empty());
    check_message(result.err);
    return result.err;
}

void check_hint(const std::vector<std::string>& arguments, const std::string& hint) {
    const std::string text = complaint(arguments);
    CAPTURE(text);
    CHECK(text.find(hint) != std::string::npos);
}

}  // namespace

TEST_SUITE("harness.cli") {
    TEST_CASE("a misspelt option or verb or task or word gets the nearest correct one") {
        const std::vector<std::string> run = {"run", "--model", "demo:base"};
        const auto and_more = [&run](std::vector<std::string> more) {
            more.insert(more.begin(), run.begin(), run.end());
            return more;
        };
        check_hint(and_more({"--suites", "demo"}), "did you mean \"--suite\"?");
        check_hint(and_more({"--suite", "demo", "--num-fewshots", "2"}),
                   "unknown option '--num-fewshots'; did you mean");
        check_hint(and_more({"--suite", "demo", "--limits=2"}), "unknown option '--limits'; did you mean \"--limit\"?");
        check_hint(and_more({"--suite", "demo", "--batch_size", "8"}), "--batch limits the tokens");
        check_hint(and_more({"--suite", "demo", "--numerics", "fats"}), "did you mean \"fast\"?");
        check_hint(and_more({"--suite", "demo", "--kernels", "GPU"}), "did you mean \"gpu\"?");
        check_hint(and_more({"--suite", "ARC_easy"}), "arc_easy");
        check_hint(and_more({"--suite", "demo_fact"}), "demo_facts");
        check_hint(and_more({"--suite", "demo", "--tasks", "arc_easy"}), "--suite the tasks to run");
        check_hint(and_more({"--suite", "demo", "--model-args", "pretrained=x"}), "give the model's file to --model");
        check_hint({"exprot", "1"}, "did you mean \"export\"?");
        check_hint({"Run"}, "did you mean \"run\"?");
        check_hint({"--help-all"}, "unknown option '--help-all'");
        check_hint({"suites", "lists"}, "did you mean \"list\"?");
        check_hint({"export", "1", "--format", "lmeval"}, "did you mean \"lm-eval\"?");
        check_hint({"bench", "demo:base", "--only", "decoding"}, "did you mean \"decode\"?");
        check_hint({"bench", "demo:base", "--only", "speed"}, "known: decode, prefill, scoring");
        check_hint({"list"}, "did you mean \"suites list\" or \"prompts list\" or \"reward list\"?");
        check_hint({"fetch", "mmlu"}, "did you mean \"suites fetch\"?");
        check_hint({"tasks"}, "did you mean \"suites list\"?");
        check_hint({"evaluate"}, "did you mean \"run\"?");
        check_hint({"version"}, "did you mean \"--version\"?");
        check_hint({"run", "limit", "3"}, "did you mean \"--limit\"?");
        check_hint({"run", "demo:base", "demo"}, "usage: bellwether run --model MODEL... --suite NAME,... [OPTIONS]");
        check_hint(and_more({"--tasks", "arc_easy"}), "--suite is missing; it names the tasks to run");
        check_hint(and_more({"--suite", "demo", "--trust_remote_code"}), "no code of data sets is run");
        check_hint({"suites", "check", "arc_easy"}, "'bellwether suites show arc_easy'");
        check_hint({"generate", "demo:halpful", "--prompt", "x"}, "did you mean \"demo:helpful\"?");
        check_hint({"inspect", "deom:base"}, "no such model file; did you mean \"demo:base\"?");
        check_hint(and_more({"--suite", "demo", "--chat-format", "MPT"}), "did you mean \"chatml\"?");
        check_hint(and_more({"--suite", "demo", "--chat-format", "Llama-2"}), "did you mean \"llama2\"?");
        check_hint(and_more({"--suite", "demo", "--system-prompt", "vicunna"}), "did you mean \"vicuna\"?");
        check_hint(and_more({"--suite", "demo", "--system", "llama2"}), "did you mean \"--system-prompt llama2\"?");
        check_hint(and_more({"--suite", "demo", "--device", "no such device"}), "is 'no such device'; known: 0 ");
        check_hint({"suites", "list", "mlmu"}, "did you mean \"mmlu\"?");
    }

    TEST_CASE("a misspelt model file gets the nearest in its folder") {
        const Temporary folder;
        put(folder / "llama-7b.gguf", "");
        check_hint({"inspect", folder / "lama-7b.gguf"}, "did you mean \"" + folder / "llama-7b.gguf" + "\"?");
    }

    TEST_CASE("a folder in place of logs gets an example of their names") {
        const Temporary folder;
        check_hint({"import", folder.path()}, ": is a folder; name its files, such as " + folder.path());
    }

    TEST_CASE("a call with a mistake creates neither a database nor a folder") {
        const Temporary folder;
        put(folder / "damaged.gguf", "no model");
        const std::vector<std::string> run = {"run", "--model", "demo:base", "--suite", "demo"};
        std::vector<std::vector<std::string>> calls = {{"demo", "--out", "tour", "--device", "none"},
                                                       {"run", "--model", "damaged.gguf", "--suite", "demo"},
                                                       {"run", "--model", "demo:base,damaged.gguf", "--suite", "demo"},
                                                       {"run", "--model", "demo:base", "--suite", "dmeo"},
                                                       {"import", "damaged.gguf"},
                                                       {"merge", "bellwether.sqlite", "damaged.gguf"}};
        for (const std::vector<std::string>& mistake :
             std::vector<std::vector<std::string>>{{"--device", "none"},
                                                   {"--fewshot", "99"},
                                                   {"--memory", "1"},
                                                   {"--suite", "arc_easy"},
                                                   {"--chat-format", "none"},
                                                   {"--system-prompt", "x"}}) {
            calls.push_back(run);
            calls.back().insert(calls.back().end(), mistake.begin(), mistake.end());
        }
        for (const std::vector<std::string>& call : calls) {
            const Result result = Call(call).in(folder.path()).run();
            CAPTURE(result.err);
            CHECK(result.code == 2);
            std::vector<std::string> files;
            for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
                files.push_back(entry.path().filename());
            CHECK(files == std::vector<std::string>{"damaged.gguf"});
        }
    }

    TEST_CASE("lm-evaluation-harness's spellings are accepted where they mean the same") {
        const auto complaint = [](const std::vector<std::string>& more) {
            std::vector<std::string> call = {"suites", "render", "demo_facts", "--jsonl", "--limit", "1"};
            call.insert(call.end(), more.begin(), more.end());
            return Call(call).run().err;
        };
        // The task has no few-shot examples, so the message shows that the number was read.
        CHECK(complaint({"--fewshot", "2"}).find("no few-shot examples") != std::string::npos);
        CHECK(complaint({"--num_fewshot", "2"}) == complaint({"--fewshot", "2"}));
        CHECK(complaint({"--num-fewshot=2"}) == complaint({"--fewshot=2"}));
        const Temporary tasks;
        put(tasks / "mine.json", R"({"extends": "demo_facts", "name": "mine"})");
        CHECK(Call({"suites", "show", "mine", "--include_path", tasks.path()}).run().code == 0);
        CHECK(Call({"suites", "show", "social_iqa"}).run().out.starts_with("siqa "));
        CHECK(Call({"suites", "show", "commonsense_qa"}).run().out.starts_with("commonsenseqa "));
    }

    TEST_CASE("an empty value is a value") {
        CHECK(json::parse(Call({"tokenize", "demo:base", "--no-bos", "--json", ""}).run().out)["ids"].empty());
        const auto text = [](const std::string& prompt) {
            return Call({"generate", "demo:base", prompt, "--max-tokens", "3", "--json"}).run().out;
        };
        CHECK(text("--prompt=") ==
              Call({"generate", "demo:base", "--prompt", "", "--max-tokens", "3", "--json"}).run().out);
        CHECK(text("--prompt=") != text("--prompt=--max-tokens"));
        check_hint({"generate", "demo:base", "--prompt", "x", "--max-tokens="}, "got ''");
        check_hint({"runs", "--db="}, "--db: the value is empty");
        check_hint({"run", "--model=", "--suite", "demo"}, "--model: the list is empty");
        check_hint({"run", "--model", "demo:base", "--suite="}, "--suite: the list is empty");
        check_hint({"run", "--model", "demo:base", "--suite", "demo", "--suite="}, "--suite: the list is empty");
        check_hint({"suites", "show", ""}, "NAME: the value is empty");
        check_hint({"suites", "show", "demo", "--tasks="}, "--tasks: a value is empty");
    }

    TEST_CASE("a folder of tasks can precede or follow the name and be given several times") {
        const Temporary one;
        const Temporary two;
        put(one / "mine.json", R"({"extends": "demo_facts", "name": "mine"})");
        put(two / "other.json", R"({"extends": "demo_facts", "name": "other"})");
        for (const char* verb : {"show", "render"}) {
            CAPTURE(std::string(verb));
            const Result before = Call({"suites", verb, "--tasks", one.path(), "mine"}).run();
            CHECK(before.code == 0);
            CHECK(before.out == Call({"suites", verb, "mine", "--tasks", one.path()}).run().out);
            CHECK(Call({"suites", verb, "--tasks", one.path(), "--tasks", two.path(), "mine,other"}).run().code == 0);
        }
        check_hint({"suites", "fetch", "--tasks", one.path(), "--from", one / "none", "mine"}, "no such folder");
        const Temporary folder;
        CHECK(Call({"run", "--tasks", one.path(), "--model", "demo:base", "--suite", "mine", "--limit", "1"})
                  .in(folder.path())
                  .run()
                  .code == 0);
    }

    TEST_CASE("a model's path may contain a comma") {
        const Temporary folder;
        const auto model = shared_data("models/stories260K.gguf");
        if (!model) return;
        std::filesystem::create_directory(folder / "with, comma");
        const std::string path = folder / "with, comma/m.gguf";
        std::filesystem::create_symlink(*model, path);
        for (const std::string& word : {path, "\"" + path + "\"", "\"" + path + "\",demo:base", path + ",demo:base"}) {
            CAPTURE(word);
            const Result result = Call({"run", "--model", word, "--suite", "demo_facts", "--limit", "1", "--json"})
                                      .in(folder.path())
                                      .run();
            INFO(result.err);
            CHECK(result.code == 0);
        }
        check_hint({"run", "--model", "no, such.gguf", "--suite", "demo"}, "no: no such model file");
    }

    TEST_CASE("texts that look like options or lists or separators are not changed") {
        for (const std::string& text : std::vector<std::string>{"++", "[a,b]", "run", "--db=x", "#0", "-", "%s", "{}",
                                                                "a=b", "\"", "'", "/help", "@file", "\\", "*", "~"}) {
            CAPTURE(text);
            const json ids = json::parse(Call({"tokenize", "demo:base", "--json", "--", text}).run().out)["ids"];
            CHECK(ids.size() > 1);
            const auto score = [](const std::vector<std::string>& context) {
                std::vector<std::string> call = {"score", "demo:base", "--json", "--continuation", " x"};
                call.insert(call.end(), context.begin(), context.end());
                return Call(call).run().out;
            };
            const std::string scored = score({"--context=" + text});
            CHECK(scored == score({"--context", text}));
            CHECK(json::parse(scored)["context_tokens"] == ids.size());
        }
    }

    TEST_CASE("help is also a verb and names every option") {
        CHECK(Call({"help"}).run().out == Call({"--help"}).run().out);
        CHECK(Call({"help", "suites", "render"}).run().out == Call({"suites", "render", "--help"}).run().out);
        CHECK(Call({"help", "run"}).run().out.find("Examples:\n  bellwether run ") != std::string::npos);
        check_hint({"help", "fly"}, "unknown verb 'fly'; known: baseline, bench, compare, ");
        check_hint({"help", "shwo"}, "did you mean \"show\"?");
        check_hint({"suites", "lst", "--help"}, "did you mean \"list\"?");
    }

    TEST_CASE("unusual command lines give a one-line message without the library's words") {
        const std::vector<std::string> odd = {
            "",     "-",        "--",        "---",  "-x",           "-1",
            "--=",  "--=x",     "=",         "--db", "--json=maybe", "++",
            "\x01", "\x1b[31m", "\xff\xfe",  "1/0",  "nan",          "99999999999999999999",
            "..",   "/",        "{\"a\":1}", "[]",   "-vv"};
        for (const std::string verb : {"run",    "runs",       "show",  "compare", "export",  "merge",    "import",
                                       "report", "baseline",   "gate",  "schema",  "inspect", "tokenize", "generate",
                                       "score",  "perplexity", "bench", "ladder",  "suites",  "fly"}) {
            for (const std::string& argument : odd) {
                if (verb == "schema" && argument == "--") continue;  // no argument: it lists the schemas
                const Temporary folder;
                const Result result = Call({verb, argument}).in(folder.path()).run();
                CAPTURE(verb);
                CAPTURE(argument);
                CAPTURE(result.err);
                CHECK(result.code == 2);
                CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
                for (const std::string& word : kLibraryWords) CHECK(result.err.find(word) == std::string::npos);
                CHECK(names_in(folder.path()).empty());
            }
        }
    }

    TEST_CASE("a message about a number gives its bounds only if it is outside") {
        const auto with_limit = [](const char* limit) {
            return complaint({"run", "--model", "demo:base", "--suite", "demo", "--limit", limit});
        };
        CHECK(with_limit("0").find("expected a positive integer, got '0'") != std::string::npos);
        CHECK(with_limit("1.5").find("expected a positive integer, got '1.5'") != std::string::npos);
        CHECK(with_limit("99999999999999999999").find("of at most 18446744073709551615") != std::string::npos);
    }

    TEST_CASE("no verb accepts a database name that is not a file's") {
        const Temporary folder;
        REQUIRE(Call({"run", "--model", "demo:base", "--suite", "demo_facts", "--limit", "1", "--db", "x.sqlite"})
                    .in(folder.path())
                    .run()
                    .code == 0);
        const std::vector<std::string> before = names_in(folder.path());
        for (const std::string name : {":memory:", "file:x.sqlite", "file::memory:"}) {
            for (const std::vector<std::string>& call : std::vector<std::vector<std::string>>{
                     {"run", "--model", "demo:base", "--suite", "demo_facts", "--limit", "1", "--db", name},
                     {"runs", "--db", name},
                     {"show", "1", "--db", name},
                     {"export", "1", "--db", name},
                     {"merge", name, "x.sqlite"},
                     {"merge", "m.sqlite", name}}) {
                CAPTURE(call[0]);
                CAPTURE(name);
                const Result result = Call(call).in(folder.path()).run();
                INFO(result.err);
                CHECK(result.code == 2);
                CHECK(result.err.find(name) != std::string::npos);
                CHECK(names_in(folder.path()) == before);
            }
        }
    }

    TEST_CASE("an option given twice and a value too many and options that exclude each other are refused by name") {
        check_hint({"runs", "--db", "a", "--db", "b"}, "--db is given twice");
        check_hint({"tokenize", "demo:base", "a", "b"}, "unexpected argument 'b'");
        check_hint({"export", "1", "--jsonl", "--format", "lm-eval"}, "cannot be given with");
        check_hint({"compare", "1", "2", "--tolerance", "1"}, "--tolerance needs --items");
        check_hint({"compare", "1"}, "SECOND is missing");
        check_hint({"run", "--suite", "demo"}, "--model is missing");
        check_hint({"run", "--model", "demo:base"}, "--suite is missing");
        check_hint({"generate", "demo:base", "--max-tokens"}, "--max-tokens needs a value");
        check_hint({"show"}, "RUN is missing");
        check_hint({}, "a verb is missing");
        check_hint({"suites"}, "a verb is missing after 'bellwether suites'");
    }
}
