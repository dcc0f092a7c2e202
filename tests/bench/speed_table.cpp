// speed_table BELLWETHER [options]: whole commands beside llama.cpp's on the same machine, with the goals; see --help.
// Ours and the peer's take turns, since the speed of a machine drifts.

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "machine.hpp"
#include "speed_jobs.hpp"
#include "speed_rows.hpp"

namespace {

using namespace bench;

constexpr const char* kHelp = R"(speed_table BELLWETHER [options]
Measures whole commands and prints them beside llama.cpp's and the goals: min / median / max of the rounds.

  --rows KEY,...         only rows whose key begins so; without it, all: about an hour on two processors
  --list                 the keys of all rows, and the keys of their peer's values
  --rounds N             3; in each, every command runs once, ours and the peer's in turn
  --results FILE         adds all values to a file, and prints the table of all that it holds: rows can be measured one
                         by one
  --markdown             as a Markdown table, for a README
  --folder DIR           speed_table; models, databases and caches stay there for the next call
  --model TYPE=FILE      a model to measure (q4_0, q8_0, q4_k, f16); else one with random weights is made
  --shape NAME, --layers N, --vocabulary FILE.gguf    of those: 1.1b, all, pieces without meaning (long prompts)
  --mmlu, --arc, --hellaswag TASK                     tasks, whose data `bellwether suites fetch` must have
  --questions N, --sequences N, --tokens N, --items N 24 questions, 32 generated sequences of 64 tokens, 1000000 items
                         of each of two runs
  --peer KEY=VALUE       a value of the peer that was measured elsewhere
  --peer-bench, --peer-perplexity, --peer-server PROGRAM   llama-bench, llama-perplexity and llama-server, measured
                         here; --peer-threads N (2), --peer-port N (18080)
)";

struct Options {
    Setup setup;
    std::vector<std::string> rows;
    std::string results;
    int rounds = 3;
    Form form = Form::Terminal;
    Values given;
    bool list = false;
};

std::vector<std::string> parts_of(const std::string& list, char separator) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= list.size();) {
        const std::size_t end = std::min(list.find(separator, at), list.size());
        parts.push_back(list.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

std::pair<std::string, std::string> assigned(const std::string& text) {
    const std::size_t sign = text.find('=');
    if (sign == std::string::npos) throw std::runtime_error(text + ": expected KEY=VALUE");
    return {text.substr(0, sign), text.substr(sign + 1)};
}

template <class Number>
Number number_of(const std::string& text) {
    char* end = nullptr;
    const unsigned long long value = std::strtoull(text.c_str(), &end, 10);
    if (text.empty() || *end != '\0' || value == 0) throw std::runtime_error(text + ": expected a positive integer");
    return static_cast<Number>(value);
}

using Take = std::function<void(const std::string&)>;

/// Options with a value.
std::map<std::string, Take> takers(Options& options) {
    Setup& setup = options.setup;
    const auto text = [](std::string& to) { return [&to](const std::string& value) { to = value; }; };
    const auto number = [](auto& to) {
        return [&to](const std::string& value) { to = number_of<std::remove_reference_t<decltype(to)>>(value); };
    };
    return {
        {"--rows", [&options](const std::string& value) { options.rows = parts_of(value, ','); }},
        {"--rounds", number(options.rounds)},
        {"--results", text(options.results)},
        {"--folder", text(setup.folder)},
        {"--model", [&setup](const std::string& value) { setup.models.insert(assigned(value)); }},
        {"--shape", text(setup.shape)},
        {"--layers", number(setup.layers)},
        {"--vocabulary", text(setup.vocabulary)},
        {"--mmlu", text(setup.mmlu)},
        {"--arc", text(setup.arc)},
        {"--hellaswag", text(setup.hellaswag)},
        {"--questions", number(setup.questions)},
        {"--sequences", number(setup.sequences)},
        {"--tokens", number(setup.tokens)},
        {"--items", number(setup.items)},
        {"--peer",
         [&options](const std::string& value) {
             const auto [key, figure] = assigned(value);
             options.given.add("peer", key, std::strtod(figure.c_str(), nullptr));
         }},
        {"--peer-bench", text(setup.peer.bench)},
        {"--peer-perplexity", text(setup.peer.perplexity)},
        {"--peer-server", text(setup.peer.server)},
        {"--peer-threads", number(setup.peer.threads)},
        {"--peer-port", number(setup.peer.port)},
    };
}

void parse(int argc, char** argv, Options& options) {
    const std::map<std::string, Take> with_value = takers(options);
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (const auto taker = with_value.find(word); taker != with_value.end()) {
            if (++i == argc) throw std::runtime_error(word + " needs a value");
            taker->second(argv[i]);
        } else if (word == "--markdown") {
            options.form = Form::Markdown;
        } else if (word == "--list") {
            options.list = true;
        } else if (word.starts_with("-")) {
            throw std::runtime_error(fmt::format("{} is no option\n{}", word, kHelp));
        } else {
            options.setup.bellwether = word;
        }
    }
    options.setup.tools = std::filesystem::absolute(argv[0]).parent_path().string();
    if (options.setup.bellwether.empty() && !options.list) throw std::runtime_error(kHelp);
}

bool is_wanted(const Options& options, const std::string& key) {
    if (options.rows.empty()) return true;
    for (const std::string& begin : options.rows) {
        if (key.starts_with(begin)) return true;
    }
    return false;
}

void measure(const Options& options, Values& values) {
    std::vector<Job> jobs;
    for (Job& job : all_jobs()) {
        for (const std::string& key : job.keys) {
            if (!is_wanted(options, key)) continue;
            jobs.push_back(std::move(job));
            break;
        }
    }
    if (jobs.empty()) throw std::runtime_error("no row has such a key; --list prints all");
    std::filesystem::create_directories(options.setup.folder);
    std::ofstream file;
    if (!options.results.empty()) file.open(options.results, std::ios::app);
    const auto recorder = [&](const char* who) {
        return [&values, &file, who](const std::string& key, double value) {
            values.add(who, key, value);
            if (file.is_open()) file << line_of(who, key, value) << std::flush;
            fmt::print(stderr, "{} {} {:.3f}\n", who, key, value);
        };
    };
    for (int round = 0; round < options.rounds; ++round) {
        for (const Job& job : jobs) {
            fmt::print(stderr, "round {} of {}: {}\n", round + 1, options.rounds, job.name);
            job.ours(options.setup, recorder("ours"));
            if (job.peer) job.peer(options.setup, recorder("peer"));
        }
    }
}

void print_list() {
    for (const Row& row : all_rows())
        fmt::print("{:<24} {} [{}]{}\n", row.key, row.title, row.unit, row.peer.empty() ? "" : "; peer: " + row.peer);
}

void run(const Options& options) {
    if (options.list) return print_list();
    Values values = options.given;
    if (!options.results.empty()) values.read(options.results);
    const std::string before = load_average();
    measure(options, values);
    fmt::print("{}", table_of(all_rows(options.setup.items), values, options.form));
    const std::string promise = promise_of(values, options.form);
    if (!promise.empty())
        fmt::print(
            "\nWhat exact numerics cost of the rate (invariance_bench prints what batch invariance costs):\n\n{}",
            promise);
    fmt::print("\n{}, {} threads; load average {} before, {} after.\n", processor_name(),
               std::thread::hardware_concurrency(), before, load_average());
}

}  // namespace

int main(int argc, char** argv) {
    try {
        Options options;
        parse(argc, argv, options);
        run(options);
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 2;
    }
}
