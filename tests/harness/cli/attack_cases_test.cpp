// The reproductions in the shared folder cases/attacks. What each must show is in the table of its README.

#include <doctest/doctest.h>
#include <signal.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <thread>

#include "harness/sandbox/process_tree.hpp"
#include "tests/harness/cli/case.hpp"
#include "tests/harness/cli/harmless.hpp"
#include "tests/support/text.hpp"

using nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// Runs a script of a case, which expects the program on the PATH and a folder attack/work; returns both streams.
std::string output_of(const std::string& script, const Temporary& folder) {
    fs::create_directories(folder / "attack/work");
    fs::create_directories(folder / "bin");
    if (!fs::exists(folder / "bin/bellwether")) fs::create_symlink(BELLWETHER_BINARY, folder / "bin/bellwether");
    const std::string command = "cd '" + folder.path() + "' && PATH='" + folder / "bin" + "':$PATH HOME='" +
                                folder.path() + "' bash '" + script + "' 2>&1";
    return ::output_of(command);
}

/// The folder that a script made below attack/work.
std::string work_of(const Temporary& folder) {
    const std::string all = folder / "attack/work";
    const std::vector<std::string> made = names_in(all);
    REQUIRE(made.size() == 1);
    return (std::filesystem::path(all) / made[0]).string();
}

/// A run of the slow programs of cases/attacks/sigint_scores, in its own process group.
class SlowRun {
public:
    SlowRun(const Case& slow, const Temporary& folder) {
        fs::create_directories(folder / "tasks");
        fs::create_directories(folder / "data/atk");
        fs::copy_file(slow / "atk_slow.json", folder / "tasks/atk_slow.json", fs::copy_options::skip_existing);
        fs::copy_file(slow / "atk_slow.jsonl", folder / "data/atk/atk_slow.jsonl", fs::copy_options::skip_existing);
        arguments_ = {"run",           "--model", "demo:base",         "--suite",
                      "atk_slow",      "--tasks", folder / "tasks",    "--data",
                      folder / "data", "--db",    folder / "x.sqlite", "--allow-code-execution"};
        out_ = folder / "out";
        err_ = folder / "err";
    }

    pid_t started() const { return start(arguments_, out_, err_, ProcessGroup::Own); }
    Result finished() const { return ::run(arguments_); }
    std::string errors() const { return content_of(err_); }

private:
    std::vector<std::string> arguments_;
    std::string out_;
    std::string err_;
};

/// The interpreters below a process that have run for half a second, as the slow programs do and the sandbox's own
/// check does not; empty when the process ends before one has.
std::vector<pid_t> programs_of(pid_t child) {
    using Clock = std::chrono::steady_clock;
    std::map<pid_t, Clock::time_point> seen;
    for (;;) {
        std::vector<pid_t> programs;
        for (const pid_t member : harness::sandbox::process_tree(child).members) {
            std::string name = content_of("/proc/" + std::to_string(member) + "/comm");
            if (member == child || !name.starts_with("python3")) continue;
            const auto first = seen.emplace(member, Clock::now()).first->second;
            if (Clock::now() - first > std::chrono::milliseconds(500)) programs.push_back(member);
        }
        if (!programs.empty()) return programs;
        if (content_of("/proc/" + std::to_string(child) + "/stat").find(") Z ") != std::string::npos) return {};
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

int code_of(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

double pass_at_1(const Temporary& folder) {
    const json run = json::parse(::run({"show", "1", "--json", "--db", folder / "x.sqlite"}).out);
    const json metric = run["tasks"][0]["metrics"][0];
    REQUIRE(metric["name"] == "pass@1");
    return metric["value"].get<double>();
}

}  // namespace

TEST_SUITE("cli.cases") {
    TEST_CASE("attack case: an export over the open database is refused and the database stays") {
        const Case attack("attacks/export_over_database");
        if (!attack.is_there()) return;
        const std::string text = output_of(attack / "run.sh", attack.folder());
        CAPTURE(text);
        CHECK(has(text, "is a database, which no output overwrites"));
        CHECK(has(text, "rc 2\n"));
        CHECK(has(text, "SQLite format 3"));
        CHECK(has(text, "demo:base"));  // runs still lists it
    }

    TEST_CASE("attack case: devices and links and a user's files are as before and what they name is written") {
        const Case attack("attacks/out_device_symlink");
        if (!attack.is_there()) return;
        const std::string text = output_of(attack / "run.sh", attack.folder());
        const std::string work = work_of(attack.folder());
        CAPTURE(text);
        // Only a privileged user can make the device.
        if (!has(text, "Operation not permitted")) CHECK(fs::is_character_file(work + "/null"));
        CHECK(fs::is_symlink(work + "/l.md"));
        CHECK(has(content_of(work + "/t.md"), "demo:base"));
        CHECK(content_of(work + "/r.md.part") == "mine\n");
        CHECK(has(text, "\n{\""));  // the export to /dev/fd/1
    }

    TEST_CASE("attack case: results nested too deeply are refused by name") {
        const Case attack("attacks/import_deep_results");
        if (!attack.is_there()) return;
        const Result result =
            attack.call({"import", "--format", "lm-eval", attack / "samples_t_2024-01-01T00-00-00.jsonl"});
        CHECK(result.code == 2);
        CHECK(has(result.err, attack / "results_2024-01-01T00-00-00.json" + ": arrays and objects are nested more"));
        CHECK_FALSE(attack.made_database());
    }

    TEST_CASE("attack case: a name and a text of a log or task file reach no terminal as escapes") {
        const Case attack("attacks/terminal_escapes");
        if (!attack.is_there()) return;
        fs::create_directory(attack.folder() / "t");
        fs::copy_file(attack / "esc_task.json", attack.folder() / "t/esc_task.json");
        for (const std::vector<std::string>& call : std::vector<std::vector<std::string>>{
                 {"import", "--format", "lm-eval", attack / "samples_evil_2024-01-01T00-00-00.jsonl"},
                 {"runs"},
                 {"show", "1"},
                 {"show", "1", "--item", "0"},
                 {"show", "1", "--plan"},
                 {"compare", "1", "1", "--items"},
                 {"suites", "list", "--tasks", "t"},
                 {"suites", "show", "esc_task", "--tasks", "t"}}) {
            const Result result = attack.call(call);
            CAPTURE(call[0]);
            CAPTURE(result.err);
            CHECK(result.code == 0);
            check_harmless(result);
        }
    }

    TEST_CASE("attack case: a fixed output passes no program of HumanEval and is counted as a forgery") {
        const Case attack("attacks/fixed_output_passes_humaneval");
        const auto data = shared_data("data/humaneval/HumanEval.jsonl.gz");
        const auto model = shared_data("models/stories260K.gguf");
        if (!attack.is_there() || !data || !model) return;
        const Temporary& folder = attack.folder();
        fs::create_directories(folder / "tasks");
        for (const char* file : {"atk_humaneval.json", "atk_humaneval_none.json"})
            fs::copy_file(attack / file, folder / ("tasks/" + std::string(file)));
        REQUIRE(attack.call({"suites", "fetch", "humaneval", "--from", data->parent_path().string(), "--data", "data"})
                    .code == 0);
        const Result result =
            attack.call({"run", "--model", model->string(), "--suite", "atk_humaneval,atk_humaneval_none", "--tasks",
                         "tasks", "--data", "data", "--limit", "4", "--allow-code-execution"});
        INFO(result.err);
        REQUIRE(result.code == 0);
        std::map<std::string, double> values;
        const json shown = attack.shown("1");
        for (const json& task : shown["tasks"]) {
            CHECK(task["errors"] == 0);
            for (const json& metric : task["metrics"])
                values[task["task"].get<std::string>() + " " + metric["name"].get<std::string>()] = metric["value"];
        }
        CHECK(values.at("atk_humaneval pass@1") == 0);
        CHECK(values.at("atk_humaneval_none pass@1") == 0);
        CHECK(has(attack.call({"show", "1", "--task", "atk_humaneval", "--item", "0"}).out, "forge"));
    }

    TEST_CASE("attack case: of several merges to one name none loses an item") {
        const Case attack("attacks/merge_race");
        if (!attack.is_there()) return;
        const Temporary& folder = attack.folder();
        REQUIRE(attack.call({"run", "--model", "demo:base", "--suite", "demo_facts", "--db", "big.sqlite"}).code == 0);
        const std::string whole = attack.call({"export", "1", "--jsonl", "--db", "big.sqlite"}).out;
        for (int round = 0; round < 6; ++round) {
            fs::remove(folder / "r.sqlite");
            std::vector<pid_t> merges;
            for (const char* name : {"a", "b"}) {
                merges.push_back(start({"merge", folder / "r.sqlite", folder / "big.sqlite"},
                                       folder / (std::string(name) + ".out"), folder / (std::string(name) + ".err")));
                std::this_thread::sleep_for(std::chrono::milliseconds(15 * round));
            }
            std::vector<int> codes;
            codes.reserve(merges.size());
            for (const pid_t merge : merges) codes.push_back(code_of(merge));
            CHECK((codes[0] == 0 || codes[1] == 0));
            for (const int code : codes) CHECK((code == 0 || code == 2 || code == 3));  // refused, or it waited in vain
            CHECK(attack.call({"export", "1", "--jsonl", "--db", "r.sqlite"}).out == whole);
        }
    }

    TEST_CASE("attack case: Ctrl-C and a stop while programs are graded end with the right score") {
        const Case attack("attacks/sigint_scores");
        if (!attack.is_there()) return;
        const Temporary folder;
        const SlowRun slow(attack, folder);
        const pid_t child = slow.started();
        REQUIRE_FALSE(programs_of(child).empty());
        kill(-child, SIGSTOP);  // as Ctrl-Z does
        std::this_thread::sleep_for(std::chrono::seconds(3));
        kill(-child, SIGCONT);
        kill(-child, SIGINT);
        CHECK(code_of(child) == 3);
        INFO(slow.errors());
        CHECK(slow.finished().code == 0);
        CHECK(pass_at_1(folder) == 1.0);
    }

    TEST_CASE("attack case: programs whose interpreter is killed from outside are judged again") {
        const Case attack("attacks/sandbox_infrastructure");
        const Case programs("attacks/sigint_scores");
        if (!attack.is_there() || !programs.is_there()) return;
        const Temporary folder;
        const SlowRun slow(programs, folder);
        const pid_t child = slow.started();
        std::set<pid_t> killed;
        while (killed.size() < 3) {
            const std::vector<pid_t> running = programs_of(child);
            if (running.empty()) break;
            if (!killed.contains(running[0]) && kill(running[0], SIGKILL) == 0) killed.insert(running[0]);
        }
        CHECK(code_of(child) == 0);
        CHECK(killed.size() == 3);
        INFO(slow.errors());
        slow.finished();  // an item that was not judged is asked again
        CHECK(pass_at_1(folder) == 1.0);
    }
}
