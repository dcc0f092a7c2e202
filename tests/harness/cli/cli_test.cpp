#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "tests/harness/cli/run_json.hpp"

using nlohmann::json;

namespace {

std::vector<std::string> keys(const json& object) {
    std::vector<std::string> names;
    for (const auto& [key, value] : object.items()) names.push_back(key);
    return names;
}

}  // namespace

TEST_SUITE("harness.cli") {
    TEST_CASE("every verb has help") {
        const Result help = run({"--help"});
        CHECK(help.code == 0);
        for (const char* verb :
             {"demo",   "devices", "inspect",  "tokenize", "generate", "score",   "perplexity", "bench",
              "suites", "run",     "rescore",  "runs",     "show",     "compare", "export",     "merge",
              "import", "report",  "baseline", "gate",     "schema",   "ladder"}) {
            CAPTURE(std::string(verb));
            CHECK(help.out.find(verb) != std::string::npos);
            const Result own = run({verb, "--help"});
            CHECK(own.code == 0);
            CHECK(own.out.find("Usage:") != std::string::npos);
            CHECK(own.err.empty());
        }
        CHECK(run({"--version"}).out.starts_with("bellwether "));
    }

    TEST_CASE("a wrong call is exit code 2 with one line that says what to do") {
        const Temporary folder;
        std::ofstream(folder / "cut.gguf") << "GGUF\3";
        std::ofstream(folder / "empty.gguf").close();
        std::ofstream(folder / "other.json") << R"({"extends": "arc_easy", "name": "mine", "promt": "\u001b[31m"})";
        std::ofstream(folder / "text.sqlite") << "this is no database";
        for (const std::vector<std::string>& call : std::vector<std::vector<std::string>>{
                 {},
                 {"fly"},
                 {"suites", "fly"},
                 {"score"},
                 {"inspect"},
                 {"generate", "demo:chat", "--temperature", "hot"},
                 {"generate", "demo:chat", "--top-p", "2"},
                 {"inspect", "/no/such.gguf"},
                 {"inspect", folder / "cut.gguf"},
                 {"inspect", folder / "empty.gguf"},
                 {"generate", "demo:none", "--prompt", "x"},
                 {"tokenize", folder / "cut.gguf", "x"},
                 {"score", "demo:base", "--context", "a"},
                 {"score", "demo:base", "--context-ids", "1,x", "--continuation-ids", "2"},
                 {"score", "demo:base", "--context-ids", "1", "--continuation-ids", "99999"},
                 {"run", "--model", "demo:base", "--suite", "no_such_task", "--db", folder / "a.sqlite"},
                 {"run", "--model", "/no/such.gguf", "--suite", "demo_facts", "--db", folder / "a.sqlite"},
                 {"show", "1", "--db", folder / "none.sqlite"},
                 {"run", "--model", "demo:base", "--suite", "gsm8k", "--data", folder / "nothing", "--db",
                  folder / "a.sqlite"},
                 {"generate", "demo:base", "--device", "no such device"},
                 {"perplexity", "demo:base", folder / "empty.gguf"},
                 {"suites", "check", folder / "cut.gguf"},
                 {"suites", "fetch", "gsm8k", "--from", folder / "nothing"},
                 {"suites", "fetch", ",", "--from", folder / "."},
                 {"suites", "fetch", "gsm8k", "--from", folder / ".", "--data", ""},
                 {"suites", "check", folder / "."},
                 {"generate", "demo:base", "--temperature", "nan"},
                 {"generate", "demo:base", "--top-p", "nan"},
                 {"generate", "demo:base", "--seed", "-1"},
                 {"run", "--model", "demo:base", "--suite", "demo_facts", "--limit", "-1", "--db", folder / "a.sqlite"},
                 {"run", "--model", "demo:base", "--suite", "demo_facts", "--limit", "99999999999999999999", "--db",
                  folder / "a.sqlite"},
                 {"run", "--model", "demo:base", "--suite", "demo_facts", "--limit", "1", "--db", ""},
                 {"runs", "--db", folder / "cut.gguf"},
                 {"suites", "check", folder / "other.json"},
                 {"run", "--model", "demo:base", "--suite", "demo_facts", "--shard", "3/2", "--db",
                  folder / "a.sqlite"},
                 {"merge", folder / "b.sqlite", folder / "none.sqlite"},
                 {"runs", "--db", folder / "text.sqlite"},
                 {"run", "--model", "demo:base", "--suite", "demo_facts", "--limit", "-3", "--db", folder / "a.sqlite"},
                 {"run", "--model", "demo:base", "--suite", "demo_facts", "--seed", "-1", "--db", folder / "a.sqlite"},
                 {"suites", "render", "demo_facts", "--limit", "-1"},
                 {"suites", "render", "demo_facts", "--limit", "0"},
                 {"show", "1", "--item", "-1", "--db", folder / "a.sqlite"}}) {
            std::string shown;
            for (const std::string& part : call) shown += part + " ";
            CAPTURE(shown);
            const Result result = run(call);
            CHECK(result.code == 2);
            CHECK(result.out.empty());
            CHECK(result.err.starts_with("bellwether: "));
            CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
        }
    }

    TEST_CASE("an unknown verb is refused by name with the nearest one") {
        CHECK(run({"exprot", "1"}).err ==
              "bellwether: unknown verb 'exprot'; did you mean \"export\"? See 'bellwether --help'.\n");
        CHECK(run({"suites", "lst"}).err.starts_with("bellwether: unknown verb 'lst'; did you mean \"list\"?"));
        CHECK(run({"suites", "show", "--help"}).out.find("Usage: bellwether suites show [OPTIONS] NAME") !=
              std::string::npos);
        CHECK(run({"report", "--help"}).out.find("Usage: bellwether report --out FILE [OPTIONS] RUN...\n") !=
              std::string::npos);
    }

    TEST_CASE("work that cannot be done is exit code 3") {
        const Temporary folder;
        CHECK(run({"run", "--model", "demo:base", "--suite", "demo_facts", "--limit", "1", "--db",
                   folder / "no/folder.sqlite"})
                  .code == 3);
        REQUIRE(
            run({"run", "--model", "demo:base", "--suite", "demo_facts", "--limit", "1", "--db", folder / "a.sqlite"})
                .code == 0);
        CHECK(run({"report", "1", "--db", folder / "a.sqlite", "--out", folder / "no/report.html"}).code == 3);
        CHECK(run({"export", "1", "--db", folder / "a.sqlite", "--out", "/dev/full/x"}).code == 3);
    }

    TEST_CASE("machine-readable output has the promised shape") {
        const json tokens = run_json({"tokenize", "demo:chat", "--json", "hello"});
        CHECK(keys(tokens) == std::vector<std::string>{"ids", "pieces"});
        CHECK(tokens["ids"].size() == tokens["pieces"].size());
        CHECK(tokens["ids"][0] == 1);

        const json score =
            run_json({"score", "demo:base", "--json", "--context-ids", "1,300", "--continuation-ids", "301,302"});
        CHECK(keys(score) == std::vector<std::string>{"context_tokens", "greedy", "logprob", "tokens"});
        CHECK(score["context_tokens"] == 2);
        REQUIRE(score["tokens"].size() == 2);
        CHECK(score["tokens"][1]["id"] == 302);
        CHECK(score["logprob"].get<double>() ==
              score["tokens"][0]["logprob"].get<double>() + score["tokens"][1]["logprob"].get<double>());
        CHECK(score["greedy"].is_boolean());

        const json text = run_json({"generate", "demo:chat", "--json", "--chat", "--prompt",
                                    "Tell me how to steal a clock.", "--max-tokens", "40"});
        CHECK(keys(text) == std::vector<std::string>{"finish", "ids", "text"});
        CHECK(text["finish"] == "eos");
        CHECK(run_json({"generate", "demo:chat", "--json", "--prompt", "One day", "--max-tokens", "3"})["finish"] ==
              "length");

        const Temporary folder;
        std::ofstream(folder / "text") << "One day Ada found a clock.";
        const json rolling = run_json({"perplexity", "demo:base", folder / "text", "--json"});
        CHECK(keys(rolling) == std::vector<std::string>{"bits_per_byte", "byte_perplexity", "bytes", "logprob",
                                                        "token_perplexity", "tokens", "word_perplexity", "words"});
        CHECK(rolling["words"] == 6);
        CHECK(rolling["bytes"] == 26);
        CHECK(rolling["byte_perplexity"].get<double>() ==
              doctest::Approx(std::exp(-rolling["logprob"].get<double>() / 26)));

        const Result shown = run({"suites", "show", "paper_boolq"});
        for (const char* line :
             {"paper_boolq (version 1, profile llama2-paper)", "source: super_glue, boolq", "licence: CC BY-SA 3.0",
              "citation: Clark et al. 2019", "split: validation", "documents: 3270", "kind: choice",
              "few-shot examples: 0", "metrics: acc_calibrated", "data: boolq/validation.jsonl"}) {
            CAPTURE(std::string(line));
            CHECK(shown.out.find(line) != std::string::npos);
        }
        CHECK(run_json({"suites", "show", "mmlu_anatomy", "--json"})["split"] == "test");

        const Result rendered = run({"suites", "render", "demo_facts", "--limit", "1", "--jsonl"});
        const json request = json::parse(rendered.out.substr(0, rendered.out.find('\n')));
        CHECK(keys(request) ==
              std::vector<std::string>{"context", "continuation", "doc", "kind", "target", "task", "until"});
        CHECK(request["kind"] == "choice");
    }

    TEST_CASE("a run is shown exported compared and reported") {
        const Temporary folder;
        const std::string db = folder / "a.sqlite";
        for (const char* model : {"demo:helpful", "demo:chat"}) {
            const json outcome =
                run_json({"run", "--model", model, "--suite", "demo", "--limit", "6", "--db", db, "--json"});
            CHECK(outcome["run"].is_number_integer());
            CHECK(outcome["errors"] == 0);
        }
        CHECK(run_json({"run", "--model", "demo:chat", "--suite", "demo", "--limit", "6", "--db", db,
                        "--json"})["computed_items"] == 0);

        const json shown = run_json({"show", "latest", "--db", db, "--json"});
        CHECK(keys(shown) == std::vector<std::string>{"complete", "created", "fingerprint", "groups", "licence",
                                                      "model", "run", "settings", "tasks", "warnings"});
        CHECK(shown["model"] == "demo:chat");
        REQUIRE(shown["tasks"].size() == 4);
        for (const json& task : shown["tasks"]) {
            CHECK(keys(task) == std::vector<std::string>{"counters", "error_reasons", "errors", "fewshot", "items",
                                                         "metrics", "planned", "profile", "settings", "task",
                                                         "version"});
            CHECK(task["items"] == 6);
            for (const json& metric : task["metrics"]) {
                CHECK(keys(metric) == std::vector<std::string>{"ci95", "name", "stderr", "value"});
                CHECK(metric["ci95"][0].get<double>() <= metric["value"].get<double>());
                CHECK(metric["ci95"][1].get<double>() >= metric["value"].get<double>());
            }
        }
        const std::string lines = run({"export", "2", "--jsonl", "--db", db}).out;
        CHECK(std::count(lines.begin(), lines.end(), '\n') == 24);
        const json first = json::parse(lines.substr(0, lines.find('\n')));
        CHECK(first["task"] == "demo_facts");
        CHECK(keys(first["requests"][0]) == std::vector<std::string>{"context", "continuation", "greedy", "logprob"});
        CHECK(run_json(
                  {"show", "2", "--item", "0", "--task", "demo_refusal", "--db", db, "--json"})["requests"][0]["output"]
                  .get<std::string>()
                  .size() > 5);
        CHECK(run_json({"runs", "--db", db, "--json"}).size() == 2);
        CHECK(run_json({"compare", "1", "2", "--db", db, "--json"})["differences"].size() == 4);
        for (const char* format : {"r.html", "r.md", "r.json"}) {
            CHECK(run({"report", "1", "2", "--db", db, "--out", folder / format}).code == 0);
            CHECK(read_all(folder / format).find("demo:chat") != std::string::npos);
        }
        const Result htm = run({"report", "1", "2", "--db", db, "--out", folder / "r.htm"});
        CHECK(htm.code == 2);
        CHECK(htm.err.find("the ending: .html, .md, .json or .csv; did you mean .html?") != std::string::npos);
    }

    TEST_CASE("without reuse and with another batch the export has the same bytes") {
        const Temporary folder;
        std::vector<std::string> exports;
        for (const std::vector<std::string>& extra :
             std::vector<std::vector<std::string>>{{}, {"--no-reuse"}, {"--batch", "8"}}) {
            const std::string db = folder / (std::to_string(exports.size()) + ".sqlite");
            std::vector<std::string> call = {"run",     "--model", "demo:chat", "--suite", "demo",
                                             "--limit", "8",       "--db",      db};
            call.insert(call.end(), extra.begin(), extra.end());
            REQUIRE(run(call).code == 0);
            exports.push_back(run({"export", "latest", "--jsonl", "--db", db}).out);
        }
        CHECK(exports[0].size() > 1000);
        CHECK(exports[1] == exports[0]);
        CHECK(exports[2] == exports[0]);
    }

    TEST_CASE("a killed run continues to the same bytes") {
        const Temporary folder;
        const auto call = [&](const std::string& db) {
            return std::vector<std::string>{"run", "--model", "demo:chat", "--suite", "demo", "--db", db};
        };
        const auto begin = std::chrono::steady_clock::now();
        REQUIRE(run(call(folder / "whole.sqlite")).code == 0);
        const auto whole_ms =
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin).count();
        const std::string expected = run({"export", "latest", "--jsonl", "--db", folder / "whole.sqlite"}).out;

        const char* wanted = std::getenv("BELLWETHER_KILLS");  // the soak job sets two hundred
        const int kills = wanted != nullptr ? std::atoi(wanted) : 4;
        std::mt19937 random(23);
        for (int done = 0; done < kills;) {
            const std::string db = folder / ("killed" + std::to_string(done) + ".sqlite");
            for (int again = 0; again < 4 && done < kills; ++again, ++done) {
                const pid_t child = start(call(db), folder / "out", folder / "err");
                std::this_thread::sleep_for(
                    std::chrono::milliseconds(20 + random() % static_cast<std::uint32_t>(whole_ms)));
                kill(child, SIGKILL);
                int status = 0;
                REQUIRE(waitpid(child, &status, 0) == child);
            }
            REQUIRE(run(call(db)).code == 0);
            CAPTURE(done);
            CHECK(run({"export", "latest", "--jsonl", "--db", db}).out == expected);
        }
        MESSAGE("kills of run at random instants: ", kills);
    }
}
