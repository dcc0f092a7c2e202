#include "harness/sandbox/sandbox.hpp"

#include <fmt/format.h>
#include <sys/wait.h>

#include <array>
#include <chrono>
#include <random>
#include <sstream>
#include <system_error>
#include <thread>

#include "harness/sandbox/command.hpp"
#include "harness/sandbox/process.hpp"
#include "harness/sandbox/reasons.hpp"
#include "harness/sandbox/scripts.hpp"

namespace harness::sandbox {
namespace {

constexpr std::size_t kMarkBytes = 32;
constexpr std::size_t kTestsBytes = std::size_t{4} << 20;
constexpr std::size_t kErrorsInReason = 200;

std::string random_mark() {
    std::random_device random;
    return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

std::string unhex(const std::string& text) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        bytes += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
    return bytes;
}

/// The outcome of a program that was killed here at a limit.
Outcome cut_outcome(Cut cut, const Limits& limits) {
    Outcome outcome;
    outcome.verdict = Verdict::Limit;
    switch (cut) {
        case Cut::Cpu:
            outcome.limit = Limit::Cpu;
            outcome.reason = fmt::format("CPU time (more than {} s in all its processes)", limits.cpu_seconds);
            break;
        case Cut::Memory:
            outcome.limit = Limit::Memory;
            outcome.reason = fmt::format("memory (more than {} MiB in all its processes)", limits.memory_bytes >> 20);
            break;
        case Cut::Files:
            outcome.limit = Limit::Files;
            outcome.reason = fmt::format("scratch files (more than {})", limits.scratch_files);
            break;
        default:
            outcome.limit = Limit::Wall;
            outcome.reason = fmt::format("wall time (more than {:.3g} s of waiting)",
                                         static_cast<double>(limits.wall.count()) / 1000);
    }
    return outcome;
}

/// Why a sandbox ended before its program began or before it reported how the program ended.
std::string broken(const Ended& ended, const Report& report) {
    const std::string said = last_line(ended.errors).substr(0, kErrorsInReason);
    const std::string how = WIFSIGNALED(ended.status)
                                ? fmt::format("it was ended by {}", signal_name(WTERMSIG(ended.status)))
                                : fmt::format("it ended with {}", WEXITSTATUS(ended.status));
    if (report.began) return fmt::format("the sandbox was ended from outside ({})", how);
    return fmt::format("the sandbox did not start: {}", said.empty() ? how : said);
}

}  // namespace

Sandbox::Sandbox(const Limits& limits, std::function<bool()> keep_on)
    : limits_(limits),
      keep_on_(std::move(keep_on)),
      filter_(syscall_filter(Signals::Allowed)),
      strict_filter_(syscall_filter(Signals::Refused)) {
    std::string why_not;
    cgroups_ = Cgroups::delegated(why_not);
    const std::string program = "import sys\nsys.stderr.write('Python %d.%d.%d\\n' % sys.version_info[:3])\n";
    const Outcome outcome = run(program);
    if (!outcome.passed())
        throw SandboxError(fmt::format("the sandbox for code tasks does not work here: {}: {}", outcome.reason,
                                       advice(outcome.explanation())));
    // The most important part comes first: tables show only the beginning.
    const std::string together = cgroups_
                                     ? fmt::format("a cgroup bounds {} of all processes together", cgroups_->bounds())
                                     : "no cgroup: all processes together are watched, not bounded";
    confinement_ = fmt::format("{}; bubblewrap, {} without site packages{}", together, last_line(outcome.errors),
                               cgroups_ ? "" : "; " + why_not);
}

Sandbox::~Sandbox() = default;
Sandbox::Sandbox(Sandbox&&) noexcept = default;

std::vector<std::string> Sandbox::command(Script script, std::size_t tests_at) const {
    std::vector<std::string> command = bubblewrap_command(limits_);
    for (std::string& part : python_command()) command.push_back(std::move(part));
    command.emplace_back("-c");
    command.emplace_back(kLaunchScript);
    for (const std::uint64_t number :
         {std::uint64_t{limits_.cpu_seconds}, limits_.address_bytes, std::uint64_t{limits_.processes},
          limits_.scratch_bytes, std::uint64_t{limits_.open_files},
          std::uint64_t{script == Script::Launch ? kMarkBytes : 0}})
        command.push_back(std::to_string(number));
    if (script == Script::FindTests) {
        command.emplace_back(kFindTestsScript);
        command.push_back(std::to_string(tests_at));
    }
    return command;
}

std::optional<Outcome> Sandbox::attempt(const std::string& program, Signals signals, std::string& why_not) const {
    const std::string mark = random_mark();
    const std::string input = mark + program;
    const std::vector<std::string> arguments = command(Script::Launch, 0);
    const Ended ended = run_process({.command = arguments,
                                     .program = input,
                                     .filter = signals == Signals::Allowed ? filter_ : strict_filter_,
                                     .limits = limits_,
                                     .cgroups = cgroups_.get(),
                                     .keep_on = keep_on_});
    if (ended.cut == Cut::Interrupted) throw Interrupted("interrupted while programs ran");
    const Report report = parse_report(ended.report);
    Outcome outcome;
    // A cgroup out of memory kills the first process too, which then reports nothing.
    const bool vanished = !report.status && ended.cut == Cut::None && !ended.out_of_memory;
    if (!report.began || vanished) {
        why_not = ended.cut == Cut::None ? broken(ended, report) : "the sandbox did not start in time";
        return std::nullopt;
    }
    if (ended.cut == Cut::Stopped) {
        why_not = "it was stopped again and again from outside";
        return std::nullopt;
    }
    // A program that ended by itself at the moment of a cut counts as ended by itself.
    if (!report.status && ended.cut != Cut::None) {
        outcome = cut_outcome(ended.cut, limits_);
    } else if (report.status == 0 && ended.result == mark) {
        outcome.verdict = Verdict::Passed;
    } else if (may_be_from_outside(report) && !ended.out_of_memory) {
        why_not = fmt::format("the program was ended by {}", signal_name(WTERMSIG(report.status.value_or(0))));
        return std::nullopt;
    } else {
        outcome = failure(program, ended, report, limits_);
    }
    outcome.errors = ended.errors;
    return outcome;
}

Outcome Sandbox::run(const std::string& program) const {
    std::string why_not;
    Signals signals = Signals::Allowed;
    for (int tried = 0; tried < kAttempts; ++tried) {
        try {
            if (auto outcome = attempt(program, signals, why_not)) return *std::move(outcome);
        } catch (const std::system_error& error) {
            why_not = fmt::format("the sandbox could not be started: {}", error.what());
        }
        // The program may have sent the signal to itself; Signals::Refused prevents that in the next attempt.
        signals = Signals::Refused;
        if (tried + 1 < kAttempts) std::this_thread::sleep_for(std::chrono::milliseconds(100 << (2 * tried)));
    }
    Outcome outcome;
    outcome.verdict = Verdict::NotJudged;
    outcome.reason = fmt::format("{}, {} times", why_not, kAttempts);
    return outcome;
}

Tests Sandbox::read(const std::string& program, std::size_t tests_at) const {
    const std::vector<std::string> arguments = command(Script::FindTests, tests_at);
    for (int tried = 0;; ++tried) {
        Ended ended;
        try {
            ended = run_process({.command = arguments,
                                 .program = program,
                                 .filter = filter_,
                                 .limits = limits_,
                                 .result_bytes = kTestsBytes,
                                 .cgroups = cgroups_.get(),
                                 .keep_on = keep_on_});
        } catch (const std::system_error& error) {
            if (tried + 1 == kAttempts) throw SandboxError(error.what());
            continue;
        }
        if (ended.cut == Cut::Interrupted) throw Interrupted("interrupted while programs were read");
        const Report report = parse_report(ended.report);
        if (!report.began || (report.status && may_be_from_outside(report))) {
            if (tried + 1 == kAttempts) throw SandboxError(broken(ended, report));
            std::this_thread::sleep_for(std::chrono::milliseconds(100 << (2 * tried)));
            continue;
        }
        Tests tests;
        if (report.status != 0) {
            // Python can run it but not parse it to a syntax tree: too deep, or too slow.
            tests.touches.emplace_back("unreadable");
            return tests;
        }
        std::istringstream words(ended.result);
        for (std::string word; words >> word;) {
            if (word == "touches") {
                words >> tests.touches.emplace_back();
                continue;
            }
            if (word == "unusual") {
                tests.unusual = true;
                continue;
            }
            Tests::Edit edit;
            std::string replacement;
            words >> edit.start >> edit.length >> replacement;
            edit.replacement = unhex(replacement);
            if (edit.start + edit.length <= program.size()) tests.edits.push_back(std::move(edit));
        }
        return tests;
    }
}

std::optional<std::string> why_unavailable() {
    try {
        const Sandbox sandbox;
        return std::nullopt;
    } catch (const SandboxError& error) {
        return error.what();
    }
}

std::string confinement() {
    return Sandbox().confinement();
}

}  // namespace harness::sandbox
