#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "tests/harness/binary.hpp"

using nlohmann::json;

namespace {

json run_json(const std::vector<std::string>& arguments) {
    const Result result = run(arguments);
    INFO(result.err);
    REQUIRE(result.code == 0);
    return json::parse(result.out);
}

std::vector<std::string> keys(const json& object) {
    std::vector<std::string> names;
    for (const auto& [key, value] : object.items()) names.push_back(key);
    return names;
}

}  // namespace

TEST_SUITE("harness.cli") {
    TEST_CASE("every verb explains itself") {
        const Result help = run({"--help"});
        CHECK(help.code == 0);
        for (const char* verb : {"demo", "devices", "inspect", "tokenize", "generate", "score", "perplexity", "bench",
                                 "suites", "run", "runs", "show", "compare", "export", "merge", "import", "report"}) {
            CAPTURE(std::string(verb));
            CHECK(help.out.find(verb) != std::string::npos);
            const Result own = run({verb, "--help"});
            CHECK(own.code == 0);
            CHECK(own.out.find("Usage:") != std::string::npos);
            CHECK(own.err.empty());
        }
        CHECK(run({"--version"}).out.starts_with("bellwether "));
    }

    TEST_CASE("a software device keeps the vector width that the environment names") {
        setenv("LP_NATIVE_VECTOR_WIDTH", "256", 1);
        const json devices = run_json({"devices", "--json"});
        unsetenv("LP_NATIVE_VECTOR_WIDTH");
        for (const json& device : devices) {
            const std::string name = device["name"];
            if (name.find("llvmpipe") == std::string::npos) continue;
            CHECK(name.find("256 bits") != std::string::npos);
            CHECK(device["subgroup_size"] == 8);
        }
    }

    TEST_CASE("inspect tells what a model takes and whether a limit holds it") {
        const json shown = run_json({"inspect", "demo:chat", "--json"});
        const json& memory = shown["memory"];
        CHECK(memory["fits"] == true);
        CHECK(memory["kv_bytes_per_token"] == shown["kv_bytes_per_token"]);
        CHECK(memory["total_bytes"] ==
              memory["weight_bytes"].get<std::uint64_t>() + memory["kv_bytes"].get<std::uint64_t>() +
                  memory["scratch_bytes"].get<std::uint64_t>() + memory["logit_bytes"].get<std::uint64_t>());
        const json limited = run_json({"inspect", "demo:chat", "--memory", "1M", "--json"});
        CHECK(limited["memory"]["limit_bytes"] == 1 << 20);
        CHECK(limited["memory"]["fits"] == false);
        // What is not opened is told with the exit code of a wrong call.
        const Result refused = run({"generate", "demo:chat", "--prompt", "a", "--memory", "1M"});
        CHECK(refused.code == 2);
        CHECK(refused.err.find("--memory allows 1048576") != std::string::npos);
        const Result held = run({"generate", "demo:chat", "--prompt", "a", "--max-tokens", "2", "--memory", "8M"});
        CHECK(held.code == 0);
    }

    TEST_CASE("bench measures batches and contexts that the model can hold and questions behind shared examples") {
        const json bench = run_json({"bench", "demo:chat", "--only", "decode,scoring", "--json"});
        CHECK(bench["rows"].size() >= 4);
        for (const json& row : bench["rows"]) {
            CHECK(row["work"] == "decode");
            CHECK(row["cached"] < 256);  // the model's context
            CHECK(row["seconds"] > 0);
            CHECK(row["bytes"] > 1e6);  // the weights at least
        }
        const json& scoring = bench["scoring"];
        const double shared = scoring["shared_tokens"];
        const double question = scoring["question_tokens"];
        CHECK(shared + question == 256);
        CHECK(scoring["tokens_per_question"] == shared / scoring["questions"].get<double>() + question);
        CHECK(scoring["tokens_per_question_no_reuse"] == 4 * (shared + question));
        CHECK(bench["memory"]["measured_bytes"] >= bench["memory"]["total_bytes"]);
        CHECK(run({"bench", "demo:chat", "--only", "nothing"}).code == 2);
    }

    TEST_CASE("bench with tasks tells what fast numerics do to their scores") {
        // Weights of the embedded model are floats: fast numerics give them the same bits.
        const json floats = run_json({"bench", "demo:chat", "--task", "demo_facts", "--limit", "8", "--json"});
        CHECK(floats["runs"].size() == 2);
        CHECK(floats["items"][0]["compared"] == 8);
        CHECK(floats["items"][0]["scored_requests"].get<int>() >= 16);
        CHECK(floats["items"][0]["largest_logprob_difference"] == 0);
        const auto path = shared_data("models/quant/a-Q4_0.gguf");
        if (!path) return;
        const json rounded = run_json({"bench", path->string(), "--task", "demo_facts", "--limit", "8", "--json"});
        const json& items = rounded["items"][0];
        CHECK(items["mean_logprob_difference"] > 0);
        CHECK(items["mean_logprob_difference"] <= items["largest_logprob_difference"]);
        // Every verdict that a score differs by is an item of the list.
        const auto value = [&rounded](int run) {
            return rounded["runs"][static_cast<std::size_t>(run)]["tasks"][0]["metrics"][0]["value"].get<double>();
        };
        CHECK(std::abs(value(0) - value(1)) * 8 <= static_cast<double>(items["other_verdicts"].size()) + 1e-9);
    }

    TEST_CASE("a wrong call is exit code 2 with one line that says what to do") {
        const Temporary folder;
        std::ofstream(folder / "cut.gguf") << "GGUF\3";
        std::ofstream(folder / "empty.gguf");
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

    TEST_CASE("kernels of another kind of device can be asked for and what cannot run is refused") {
        const auto logprob = [](const std::string& kernels) {
            const json scored = run_json(
                {"score", "demo:base", "--context", "The", "--continuation", " sky", "--kernels", kernels, "--json"});
            return scored.at("logprob").get<double>();
        };
        const json features = run_json({"devices", "--json"}).at(0).at("features");
        CHECK(features.at("largest_workgroup").get<int>() >= 128);  // what Vulkan requires of every device
        CHECK(std::abs(logprob("software") - logprob("gpu")) < 1e-4);
        CHECK(run({"score", "demo:base", "--context", "a", "--continuation", "b", "--kernels", "fast"}).code == 2);
        if (features.at("fast_integer_dot").get<bool>() || features.at("matrix_extension") != "") return;
        const Result refused = run(
            {"score", "demo:base", "--context", "a", "--continuation", "b", "--kernels", "gpu", "--numerics", "fast"});
        CHECK(refused.code == 2);
        CHECK(refused.err.find("--numerics exact") != std::string::npos);
    }

    TEST_CASE("texts reach the tokenizer as they were typed") {
        for (const std::string& text : std::vector<std::string>{
                 "plain", "", " two  spaces ", "a,b", "[1,2]", "{x}", "\"quoted\"", "back\\slash \\n", "100% $HOME `x`",
                 "-dash", "--json", "caf\xC3\xA9 \xE2\x82\xAC", "line\nbreak", "'", "=a=b", "<s>[INST]"}) {
            CAPTURE(text);
            const json shown = run_json({"tokenize", "demo:base", "--no-bos", "--json", "--", text});
            std::string spelled;
            for (const json& piece : shown["pieces"]) spelled += piece.get<std::string>();
            // Pieces spell a space as U+2581 and put one in front; bytes outside the vocabulary are <0xNN>.
            const std::string with_space = text.empty() ? "" : " " + text;
            const auto tokenizer_text = [&] {
                std::string back;
                for (std::size_t i = 0; i < spelled.size();) {
                    if (spelled.compare(i, 3, "\xE2\x96\x81") == 0) {
                        back += ' ';
                        i += 3;
                    } else if (spelled.compare(i, 3, "<0x") == 0) {
                        back += static_cast<char>(std::stoi(spelled.substr(i + 3, 2), nullptr, 16));
                        i += 6;
                    } else {
                        back += spelled[i++];
                    }
                }
                return back;
            }();
            CHECK(tokenizer_text == with_space);
        }
        CHECK(run_json({"score", "demo:base", "--json", "--context", "-a,b [x]", "--continuation", " -c"})["tokens"]
                  .size() > 0);
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
        CHECK(keys(shown) == std::vector<std::string>{"complete", "created", "fingerprint", "groups", "model", "run",
                                                      "settings", "tasks", "warnings"});
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

    TEST_CASE("a process that is killed goes on and ends with the same bytes") {
        const Temporary folder;
        const auto call = [&](const std::string& db) {
            return std::vector<std::string>{"run", "--model", "demo:chat", "--suite", "demo", "--db", db};
        };
        const auto begin = std::chrono::steady_clock::now();
        REQUIRE(run(call(folder / "whole.sqlite")).code == 0);
        const auto whole_ms =
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin).count();
        const std::string expected = run({"export", "latest", "--jsonl", "--db", folder / "whole.sqlite"}).out;

        const char* wanted = std::getenv("BELLWETHER_KILLS");  // the soak job asks for two hundred
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
    }

    TEST_CASE("the demo shows the differences between its models") {
        const Temporary folder;
        REQUIRE(run({"demo", "--out", folder / "demo"}).code == 0);
        const json report = json::parse(read_all(folder / "demo/report.json"));
        REQUIRE(report["runs"].size() == 3);
        const auto value = [&](std::size_t run_index, const char* task) {
            for (const json& entry : report["runs"][run_index]["tasks"]) {
                if (entry["task"] == task) return entry["metrics"][0]["value"].get<double>();
            }
            return -1.0;
        };
        for (std::size_t model = 0; model < 3; ++model) CHECK(value(model, "demo_facts") >= 0.7);
        CHECK(value(1, "demo_refusal") <= 0.2);  // helpful
        CHECK(value(2, "demo_refusal") >= 0.9);  // chat
        CHECK(value(2, "demo_overrefusal") <= 0.1);
    }
}
