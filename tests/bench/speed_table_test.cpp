// The measuring program of the README's table: what it reads from llama.cpp's programs, and when a goal is reached.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "peer.hpp"
#include "speed_jobs.hpp"
#include "speed_rows.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"

namespace {

using namespace bench;

/// A program that runs the lines in a shell.
std::string script(const std::string& path, const std::string& lines) {
    std::ofstream(path) << "#!/bin/sh\n" << lines << "\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
}

Row row_of(const std::string& key, std::uint64_t items = kGoalItems) {
    for (const Row& row : all_rows(items)) {
        if (row.key == key) return row;
    }
    throw std::runtime_error("no row " + key);
}

}  // namespace

TEST_SUITE("bench") {
    TEST_CASE("rates of a prompt and of decoding are found in the JSON that llama-bench documents") {
        // Shortened from the README of llama-bench.
        const PeerRates rates = rates_in(R"([
      {"build_commit": "8cf427ff", "n_threads": 8, "n_prompt": 512, "n_gen": 0, "n_depth": 0,
       "avg_ns": 72135640, "avg_ts": 7100.002165, "samples_ts": [6863.1, 7147.55]},
      {"build_commit": "8cf427ff", "n_threads": 8, "n_prompt": 0, "n_gen": 128, "n_depth": 0,
       "avg_ns": 1076767880, "avg_ts": 118.881588, "samples_ts": [119.03, 120.178]}])");
        CHECK(rates.prefill == doctest::Approx(7100.002165));
        CHECK(rates.decode == doctest::Approx(118.881588));
    }

    TEST_CASE("output of llama-bench without a rate of decoding is refused") {
        CHECK_THROWS_AS(rates_in(R"([{"n_prompt": 512, "n_gen": 0, "avg_ts": 7100.0}])"), std::runtime_error);
        CHECK_THROWS_AS(rates_in("| model | size |"), std::runtime_error);
    }

    TEST_CASE("llama-bench is asked for a prompt of 256 tokens and its rates are taken") {
        const Temporary folder;
        const std::string program = script(folder / "llama-bench", R"(
case "$*" in *"-p 256"*) prompt=256;; *) prompt=0;; esac
echo "[{\"n_prompt\": $prompt, \"n_gen\": 0, \"avg_ts\": 103.0}, {\"n_prompt\": 0, \"n_gen\": 32, \"avg_ts\": 38.8}]")");
        const PeerRates rates = peer_rates({.bench = program}, "model.gguf");
        CHECK(rates.prefill == 103.0);
        CHECK(rates.decode == 38.8);
    }

    TEST_CASE("requests of one document become one question with its choices") {
        const std::string rendered =
            R"({"task": "arc_easy", "doc": 0, "context": "Q: sky?\nA:", "continuation": " blue"})"
            "\n"
            R"({"task": "arc_easy", "doc": 0, "context": "Q: sky?\nA:", "continuation": " green"})"
            "\n"
            R"({"task": "arc_easy", "doc": 1, "context": "Q: sun?\nA:", "continuation": " hot"})"
            "\n";
        const std::vector<Question> questions = questions_in(rendered);
        REQUIRE(questions.size() == 2);
        CHECK(questions[0].prompt == "Q: sky?\nA:");
        // llama-perplexity puts the space before an answer itself.
        CHECK(questions[0].choices == std::vector<std::string>{"blue", "green"});
        CHECK(questions[1].choices == std::vector<std::string>{"hot"});
    }

    TEST_CASE("the file for llama-perplexity has the places of the tasks and each task's answers twice") {
        using namespace std::string_literals;
        const std::string file = multiple_choice_file({{.prompt = "Q", .choices = {"yes", "no"}, .correct = 1}});
        const std::string answers = "\2\0\0\0\3\0\0\0yes\2\0\0\0no\0\0\0\0\1\0\0\0"s;
        // One task, at byte 8: after the number of tasks and one place.
        CHECK(file == "\1\0\0\0\x08\0\0\0\1\0\0\0Q"s + answers + answers);
    }

    TEST_CASE("llama-perplexity gets the file of the questions and its whole time counts") {
        const Temporary folder;
        const std::string program = script(folder / "llama-perplexity",
                                           "while [ \"$1\" != -bf ]; do shift; done; sleep 0.2; cp \"$2\" \"$0.seen\"");
        const std::vector<Question> questions = {{.prompt = "Q", .choices = {"yes", "no"}, .correct = 1}};
        const Cost cost = peer_choices({.perplexity = program}, "model.gguf", questions, folder.path());
        CHECK(cost.wall_seconds >= 0.2);
        CHECK(content_of(program + ".seen") == multiple_choice_file(questions));
    }

    TEST_CASE("a goal that is a multiple of the peer's median is reached from that value on") {
        Values values;
        const Row row = row_of("prefill-q4_0-fast");  // 0.8 of llama.cpp's rate
        for (const double rate : {90.0, 100.0, 130.0}) values.add("peer", "prefill-q4_0", rate);
        values.add("ours", row.key, 80.0);
        CHECK(reached(row, values) == true);
        values.add("ours", row.key, 70.0);  // the median of both is 75
        CHECK(reached(row, values) == false);
    }

    TEST_CASE("a goal of seconds is reached by less") {
        Values values;
        values.add("ours", "start", 0.7);
        CHECK(reached(row_of("start"), values) == true);
        values.add("ours", "start", 1.1);
        CHECK(reached(row_of("start"), values) == false);
    }

    TEST_CASE("a goal is open while the peer was not measured") {
        Values values;
        values.add("ours", "prefill-q4_0-fast", 80.0);
        CHECK(reached(row_of("prefill-q4_0-fast"), values) == std::nullopt);
    }

    TEST_CASE("goals for a million items are none for fewer") {
        Values values;
        values.add("ours", "show-cpu", 1.0);
        CHECK(reached(row_of("show-cpu"), values) == std::optional(true));
        CHECK(reached(row_of("show-cpu", 1000), values) == std::nullopt);
    }

    TEST_CASE("values of earlier calls are read from the file of results") {
        const Temporary folder;
        std::ofstream(folder / "results") << line_of("ours", "start", 0.5) << line_of("peer", "start", 0.25);
        Values values;
        values.read(folder / "results");
        CHECK(values.of("ours", "start") == std::vector{0.5});
        CHECK(values.of("peer", "start") == std::vector{0.25});
    }

    TEST_CASE("the cost of exact numerics is the share of the rate that they lose") {
        Values values;
        values.add("ours", "mmlu-fast", 0.5);
        values.add("ours", "mmlu-exact", 0.4);
        CHECK(promise_of(values, Form::Markdown).find("| 0.40 | 0.50 | 20 % |") != std::string::npos);
    }

    TEST_CASE("every row is measured by some job") {
        std::vector<std::string> keys;
        for (const Job& job : all_jobs()) keys.insert(keys.end(), job.keys.begin(), job.keys.end());
        for (const Row& row : all_rows()) {
            CAPTURE(row.key);
            CHECK(std::find(keys.begin(), keys.end(), row.key) != keys.end());
        }
    }

    TEST_CASE("processor time and memory of a child are those of the child") {
        const Cost cost = run_child({"sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"}).cost;
        CHECK(cost.cpu_seconds > 0.02);
        CHECK(cost.cpu_seconds <= cost.wall_seconds + 0.05);
        CHECK(cost.peak_bytes > 500e3);
    }

    TEST_CASE("a child that fails is named with what it said") {
        const auto fails = [] { run_child({"sh", "-c", "echo no such model >&2; exit 3"}); };
        CHECK_THROWS_WITH_AS(fails(), doctest::Contains("no such model"), std::runtime_error);
    }
}
