// store_bench BELLWETHER [--items N[,N...]] [--rounds N] [--shape one|several] [--folder DIR] [--verb TEXT] [--keep]
// What the commands that read a database cost: a Markdown table with processor time (user and system), peak memory and
// wall time of each command on two generated runs of N items each, as the median and the range over the rounds, in
// which all commands take turns. --verb: only commands that contain this text. --keep: databases stay in the folder,
// and those that are there are used again, for instance to measure two builds on the same ones. store_bench --generate
// FILE [--items N] [--shape one|several]: writes such a database and keeps it.

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "child.hpp"
#include "generated_runs.hpp"

namespace {

namespace fs = std::filesystem;

using bench::Cost;

constexpr double kMebibyte = 1024.0 * 1024;

struct Options {
    std::string binary;
    std::string generate;
    std::vector<std::uint64_t> items = {10'000, 100'000, 1'000'000};
    int rounds = 3;
    bench::Shape shape = bench::Shape::OneTask;
    std::string folder = ".";
    std::string verb;
    bool keep = false;
};

/// Runs `work` in a child process; throws when it fails.
template <class Work>
Cost measured(const std::string& what, const Work& work) {
    const double start = bench::now_seconds();
    const pid_t child = fork();
    if (child == 0) {
        try {
            work();
            _exit(0);
        } catch (const std::exception& error) {
            fmt::print(stderr, "{}\n", error.what());
        }
        _exit(127);
    }
    const auto [status, cost] = bench::wait_for(child, start);
    // A gate's verdict (1, 4, 5) is no failure.
    if (!WIFEXITED(status) || WEXITSTATUS(status) > 5 || WEXITSTATUS(status) == 2)
        throw std::runtime_error(what + " failed");
    return cost;
}

Cost run_command(const std::string& command) {
    return measured(command, [&command] {
        execl("/bin/sh", "sh", "-c", ("exec " + command + " >/dev/null").c_str(), nullptr);
        throw std::runtime_error("/bin/sh cannot be started");
    });
}

/// The databases of one size, in a folder that is removed at the end unless it is kept.
class Databases {
public:
    Databases(const Options& options, std::uint64_t items)
        : folder_(fs::path(options.folder) / fmt::format("store_bench_{}", items)),
          what_{.items = items, .shape = options.shape},
          keep_(options.keep) {
        fs::create_directories(folder_);
    }
    Databases(const Databases&) = delete;
    Databases& operator=(const Databases&) = delete;
    ~Databases() {
        std::error_code ignored;
        if (!keep_) fs::remove_all(folder_, ignored);
    }

    /// Generates what the command needs and is not there.
    void prepare(const std::string& command) const {
        const bool merges = command.starts_with("merge");
        if (fs::exists(file(merges ? "part2.sqlite" : "runs.sqlite"))) return;
        measured("generating", [this, merges] {
            if (merges) {
                bench::generate_shards(file("part1.sqlite"), file("part2.sqlite"), what_);
            } else {
                bench::generate_runs(file("runs.sqlite"), what_);
            }
        });
    }
    std::string file(const std::string& name) const { return (folder_ / name).string(); }

private:
    fs::path folder_;
    bench::GeneratedRuns what_;
    bool keep_;
};

/// The commands to measure, without the binary. A command may use files of those before it.
std::vector<std::string> commands_on(const Databases& files, bench::Shape shape) {
    const std::string db = " --db " + files.file("runs.sqlite");
    std::vector<std::string> commands = {
        "show 1" + db,
        "compare 1 2" + db,
        "compare 1 2 --items" + db,
        "compare 1 2 --items --json" + db,
        "report 1 --out " + files.file("one.html") + db,
        "report 1 2 --out " + files.file("two.html") + db,
        "report 1 2 --out " + files.file("two.json") + db,
        "export 1 --out /dev/null" + db,
        "export 1 --format lm-eval --out " + files.file("log") + db,
        "baseline 1 --out " + files.file("base.json") + db,
        "gate 2 --baseline " + files.file("base.json") + db,
        "merge " + files.file("merged.sqlite") + " " + files.file("part1.sqlite") + " " + files.file("part2.sqlite"),
    };
    if (shape == bench::Shape::Several) {
        commands.push_back("export 1 --format outputs --out /dev/null" + db);
        commands.push_back("rescore 1 --with refusal" + db);
    }
    return commands;
}

std::string range(std::vector<double> values, const char* format) {
    std::sort(values.begin(), values.end());
    const auto shown = [format](double value) { return fmt::format(fmt::runtime(format), value); };
    std::string median = shown(values[values.size() / 2]);
    if (values.size() < 3) return median;
    return fmt::format("{} ({} to {})", median, shown(values.front()), shown(values.back()));
}

/// A command without the folder, for the table.
std::string shortened(std::string command, const std::string& folder) {
    for (std::size_t at = 0; (at = command.find(folder + "/", at)) != std::string::npos;)
        command.erase(at, folder.size() + 1);
    const std::size_t database = command.find(" --db ");
    return database == std::string::npos ? command : command.substr(0, database);
}

void measure_size(const Options& options, std::uint64_t items) {
    const Databases files(options, items);
    std::vector<std::string> commands = commands_on(files, options.shape);
    std::erase_if(commands, [&](const std::string& one) { return one.find(options.verb) == std::string::npos; });
    std::map<std::string, std::vector<Cost>> costs;
    for (int round = 0; round < options.rounds; ++round) {
        for (const std::string& command : commands) {
            files.prepare(command);
            fs::remove(files.file("merged.sqlite"));
            costs[command].push_back(run_command(options.binary + " " + command));
        }
    }
    const std::string folder = fs::path(files.file("")).parent_path().string();
    for (const std::string& command : commands) {
        const auto column = [&](double Cost::*field, double unit = 1) {
            std::vector<double> values;
            for (const Cost& cost : costs[command]) values.push_back(cost.*field / unit);
            return values;
        };
        fmt::print("| {} | `{}` | {} | {} | {} |\n", items, shortened(command, folder),
                   range(column(&Cost::cpu_seconds), "{:.2f}"), range(column(&Cost::peak_bytes, kMebibyte), "{:.0f}"),
                   range(column(&Cost::wall_seconds), "{:.2f}"));
        std::fflush(stdout);
    }
}

std::vector<std::uint64_t> numbers(const std::string& list) {
    std::vector<std::uint64_t> found;
    for (std::size_t at = 0; at <= list.size();) {
        const std::size_t comma = std::min(list.find(',', at), list.size());
        found.push_back(std::strtoull(list.substr(at, comma - at).c_str(), nullptr, 10));
        at = comma + 1;
    }
    return found;
}

bench::Shape shape_of(const std::string& name) {
    if (name == "one") return bench::Shape::OneTask;
    if (name == "several") return bench::Shape::Several;
    throw std::runtime_error("--shape " + name + ": expected one or several");
}

Options parsed(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        const auto value = [&]() -> std::string {
            if (++i == argc) throw std::runtime_error(word + " needs a value");
            return argv[i];
        };
        if (word == "--items") {
            options.items = numbers(value());
        } else if (word == "--rounds") {
            options.rounds = std::atoi(value().c_str());
        } else if (word == "--shape") {
            options.shape = shape_of(value());
        } else if (word == "--folder") {
            options.folder = value();
        } else if (word == "--verb") {
            options.verb = value();
        } else if (word == "--keep") {
            options.keep = true;
        } else if (word == "--generate") {
            options.generate = value();
        } else {
            options.binary = word;
        }
    }
    if (options.binary.empty() == options.generate.empty())
        throw std::runtime_error(
            "store_bench BELLWETHER [--items N,N] [--rounds N] [--shape one|several] [--folder "
            "DIR] [--verb TEXT] [--keep]\nstore_bench --generate FILE [--items N] [--shape one|several]");
    return options;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const Options options = parsed(argc, argv);
        if (!options.generate.empty()) {
            bench::generate_runs(options.generate, {.items = options.items.front(), .shape = options.shape});
            return 0;
        }
        fmt::print("| items of each run | command | CPU s | peak MiB | wall s |\n|---|---|---|---|---|\n");
        for (const std::uint64_t items : options.items) measure_size(options, items);
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 2;
    }
    return 0;
}
