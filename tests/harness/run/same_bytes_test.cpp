#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/harness/binary.hpp"

namespace {

using Call = std::vector<std::string>;

constexpr const char* kSuites = "own_choice,own_pages,own_votes,own_programs,demo_sums";

/// Removes the start dates and what a run took, the only texts that may differ between runs.
std::string without_times(const std::string& report) {
    std::istringstream lines(report);
    std::string kept;
    for (std::string line; std::getline(lines, line);) {
        const bool is_time =
            std::ranges::any_of(std::array{"\"created\": ", "\"seconds\": ", "\"tokens_per_second\": ", "\"Cost: "},
                                [&line](const char* name) { return line.find(name) != std::string::npos; });
        if (!is_time) kept += line + "\n";
    }
    return kept;
}

/// Tasks of every kind, small enough for the demo models: choices after sampled few-shot examples, pages longer than
/// the model's context, a vote among sampled answers, programs, and a greedy answer.
class Tasks {
public:
    Tasks() {
        std::filesystem::create_directories(tasks());
        write("own_choice",
              R"("kind": "choice", "data": {"test": ["rows.jsonl"], "shots": ["shots.jsonl"]}, "fewshot": 2,
            "prompt": "Question: What is {{a}} + {{b}}?\nAnswer:", "choices": ["{{b}}", "{{sum}}", "{{a}} and {{b}}"],
            "gold": 1, "metrics": ["acc", "acc_norm"])");
        write("own_pages", R"("kind": "rolling", "data": {"test": ["pages.jsonl"]}, "prompt": "{{page}}",
            "metrics": ["word_perplexity", "byte_perplexity", "bits_per_byte"])");
        write("own_votes", R"x("kind": "generate", "data": {"test": ["rows.jsonl"]}, "answer": "{{sum}}",
            "prompt": "Question: What is {{a}} + {{b}}?\nAnswer:", "until": ["\n"], "max_tokens": 6, "repeats": 5,
            "temperature": 0.9, "filters": [{"name": "maj", "steps": [{"pattern": "([0-9]+)", "take": "first"},
            {"vote": true}]}], "metrics": ["exact_match,maj"])x");
        write("own_programs", R"x("kind": "generate", "data": {"test": ["rows.jsonl"]}, "until": ["\n"],
            "prompt": "Question: What is {{a}} + {{b}}?\nAnswer:", "max_tokens": 6, "grader": "python",
            "submission": "assert {{sum}} == int({{output}}) and {{a}} < 6", "metrics": ["pass@1"])x");
        std::ofstream rows(data("rows.jsonl"));
        std::ofstream shots(data("shots.jsonl"));
        for (int i = 0; i < 9; ++i) {
            const auto row = [](int a, int b) {
                return "{\"a\": " + std::to_string(a) + ", \"b\": " + std::to_string(b) +
                       ", \"sum\": " + std::to_string(a + b) + "}\n";
            };
            rows << row(i, 9 - i % 4);
            shots << row(9 - i, i % 3);
        }
        std::ofstream pages(data("pages.jsonl"));
        for (const int words : {1, 40, 400, 7, 260, 90, 3}) {
            std::string page = "It";
            for (int word = 0; word < words; ++word) page += word % 7 == 3 ? " the cat" : " sat on it";
            pages << "{\"page\": \"" << page << ".\"}\n";
        }
    }

    Call run(const std::string& db, const Call& more = {}) const {
        Call call = {"run",    "--model",    "demo:base", "--suite", kSuites, "--tasks", tasks(),
                     "--data", folder_ / "", "--limit",   "9",       "--db",  db,        "--allow-code-execution"};
        call.insert(call.end(), more.begin(), more.end());
        return call;
    }

    std::string db(const std::string& name) const { return folder_ / (name + ".sqlite"); }

    /// All exports of a database's only run.
    std::string exported(const std::string& database) const {
        const std::string out = database + ".out";
        REQUIRE(::run({"export", "1", "--db", database, "--out", out + ".jsonl"}).code == 0);
        REQUIRE(::run({"export", "1", "--db", database, "--format", "lm-eval", "--out", out}).code == 0);
        REQUIRE(::run({"report", "1", "--db", database, "--out", out + ".json"}).code == 0);
        std::string all = read_all(out + ".jsonl") + without_times(read_all(out + ".json"));
        std::vector<std::string> files;
        for (const auto& entry : std::filesystem::directory_iterator(out)) files.push_back(entry.path().string());
        std::sort(files.begin(), files.end());
        for (const std::string& file : files) all += read_all(file);
        return all;
    }

    /// The exports of a complete run with default settings, which is the baseline from then on.
    std::string expected() const {
        compute("expected");
        REQUIRE(::run({"baseline", "1", "--db", db("expected"), "--out", folder_ / "baseline.json"}).code == 0);
        return exported(db("expected"));
    }

    /// What a gate without noise says of a database's only run: exit code 0 where no item differs from the baseline's.
    int gate(const std::string& database) const {
        return ::run({"gate", "1", "--db", database, "--baseline", folder_ / "baseline.json", "--expect-identical"})
            .code;
    }

    void compute(const std::string& name, const Call& more = {}) const {
        const Result result = ::run(run(db(name), more));
        INFO(result.err);
        REQUIRE(result.code == 0);
    }

private:
    std::string tasks() const { return folder_ / "tasks"; }
    std::string data(const std::string& file) const { return folder_ / file; }
    void write(const std::string& name, const std::string& fields) const {
        std::ofstream(tasks() + "/" + name + ".json")
            << "{\"name\": \"" << name << "\", \"version\": 1, \"profile\": \"own\", \"description\": \"d\", "
            << "\"source\": \"here\", \"licence\": \"none\", \"citation\": \"none\", " << fields << "}";
    }

    Temporary folder_;
};

}  // namespace

TEST_SUITE("harness.same_bytes") {
    TEST_CASE("neither sharing nor the size of a batch changes a byte of any kind of task") {
        const Tasks tasks;
        const std::string expected = tasks.expected();
        for (const char* part : {"\"exact_match,maj\":1.0", "\"pass@1\":1.0", "\"pass@1\":0.0", "\"words\":"})
            CHECK(expected.find(part) != std::string::npos);
        for (const Call& more :
             std::vector<Call>{{"--no-reuse"}, {"--batch", "1"}, {"--batch", "3"}, {"--batch", "64", "--no-reuse"}}) {
            CAPTURE(more.back());
            const std::string name = "batch" + more.back() + std::to_string(more.size());
            tasks.compute(name, more);
            CHECK(tasks.exported(tasks.db(name)) == expected);
            CHECK(tasks.gate(tasks.db(name)) == 0);
        }
    }

    TEST_CASE("no split into shards changes a byte of any kind of task") {
        const Tasks tasks;
        const std::string expected = tasks.expected();
        for (const std::size_t count : {2U, 3U, 7U}) {
            CAPTURE(count);
            Call merge = {"merge", tasks.db("merged" + std::to_string(count))};
            for (std::size_t index = count; index > 0; --index) {
                const std::string shard = std::to_string(index) + "/" + std::to_string(count);
                const std::string name = std::to_string(index) + "of" + std::to_string(count);
                Call more = {"--shard", shard};
                if (index % 2 == 0) more.insert(more.end(), {"--batch", "64"});
                tasks.compute(name, more);
                merge.insert(merge.begin() + (index % 2 == 0 ? 2 : static_cast<std::ptrdiff_t>(merge.size())),
                             tasks.db(name));
            }
            const Result merged = ::run(merge);
            INFO(merged.err);
            REQUIRE(merged.code == 0);
            CHECK(tasks.exported(merge[1]) == expected);
            CHECK(tasks.gate(merge[1]) == 0);
        }
    }

    TEST_CASE("a killed shard continues and the merged run has the same bytes") {
        const Tasks tasks;
        const std::string expected = tasks.expected();
        tasks.compute("2of2", {"--shard", "2/2"});
        for (const int milliseconds : {60, 110, 170, 240}) {
            const pid_t child =
                start(tasks.run(tasks.db("1of2"), {"--shard", "1/2"}), tasks.db("out"), tasks.db("err"));
            std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
            kill(child, SIGKILL);
            int status = 0;
            REQUIRE(waitpid(child, &status, 0) == child);
        }
        tasks.compute("1of2", {"--shard", "1/2"});
        REQUIRE(::run({"merge", tasks.db("merged"), tasks.db("1of2"), tasks.db("2of2")}).code == 0);
        CHECK(tasks.exported(tasks.db("merged")) == expected);
        CHECK(tasks.gate(tasks.db("merged")) == 0);
    }

    TEST_CASE("tasks in another order give a gate nothing to find") {
        const Tasks tasks;
        tasks.expected();
        Call turned = tasks.run(tasks.db("turned"));
        *std::find(turned.begin(), turned.end(), kSuites) = "demo_sums,own_programs,own_votes,own_pages,own_choice";
        REQUIRE(::run(turned).code == 0);
        CHECK(tasks.gate(tasks.db("turned")) == 0);
    }
}
