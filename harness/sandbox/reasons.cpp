#include "harness/sandbox/reasons.hpp"

#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string_view>
#include <utility>

namespace harness::sandbox {
namespace {

constexpr std::size_t kReasonBytes = 300;

/// The program's line that a traceback names last.
std::string raising_line(const std::string& program, const std::string& traceback) {
    constexpr std::string_view kPlace = "File \"program.py\", line ";
    const std::size_t at = traceback.rfind(kPlace);
    if (at == std::string::npos) return "";
    const long number = std::atol(traceback.c_str() + at + kPlace.size());
    std::istringstream lines(program);
    std::string line;
    for (long i = 0; i < number; ++i) {
        if (!std::getline(lines, line)) return "";
    }
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == std::string::npos) return fmt::format(" (line {})", number);
    line = line.substr(first, line.find_last_not_of(" \t\r") + 1 - first);
    if (line.size() > kReasonBytes / 2) line = line.substr(0, kReasonBytes / 2) + " ...";
    return fmt::format(" (line {}: {})", number, line);
}

/// The limit that a traceback on standard error shows, and the line that shows it; Limit::None: it shows another error.
std::pair<Limit, std::string> limit_in(const std::string& errors) {
    constexpr std::string_view kForkFailed = "BlockingIOError: [Errno 11]";
    const std::string exception = last_line(errors);
    if (exception.starts_with("MemoryError")) return {Limit::Memory, exception};
    if (exception.starts_with("RuntimeError: can't start new thread")) return {Limit::Processes, exception};
    // In any line: where forks failed in several processes at once, their tracebacks are mixed.
    const std::size_t fork = errors.rfind(kForkFailed);
    if (fork == std::string::npos) return {Limit::None, ""};
    return {Limit::Processes, last_line(errors.substr(fork, errors.find('\n', fork) - fork))};
}

/// Whether a CPU-time limit of `limit` seconds ended a process. The kernel compares the limit with whole ticks, which
/// it charges to whatever runs at that moment, but reports the time that was really used: on a busy machine, where
/// other programs wake at a tick and run just after it, the time may be much less than the ticks.
bool used_up(const Report& report, double limit) {
    return report.cpu_seconds > limit - std::max(0.5, limit / 4);
}

Outcome limited(Limit limit, const std::string& more) {
    Outcome outcome{
        .verdict = Verdict::Limit, .limit = limit, .reason = {}, .errors = {}, .forged = false, .touches = {}};
    outcome.reason = std::string(to_string(limit)) + more;
    return outcome;
}

}  // namespace

Report parse_report(const std::string& text) {
    Report report;
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        if (word == "began") report.began = true;
        if (word != "ended") continue;
        int status = 0;
        double microseconds = 0;
        double limit = 0;
        if (words >> status >> microseconds >> limit) {
            report.status = status;
            report.cpu_seconds = microseconds / 1e6;
            report.cpu_limit = limit;
        }
    }
    return report;
}

std::string signal_name(int signal) {
    const char* name = sigabbrev_np(signal);
    return name == nullptr ? fmt::format("signal {}", signal) : fmt::format("SIG{}", name);
}

bool may_be_from_outside(const Report& report) {
    const int status = report.status.value_or(0);
    if (!WIFSIGNALED(status)) return false;
    const int signal = WTERMSIG(status);
    return (signal == SIGKILL && !used_up(report, report.cpu_limit)) || signal == SIGTERM || signal == SIGHUP;
}

std::string last_line(const std::string& text) {
    const std::size_t end = text.find_last_not_of(" \r\n\t");
    if (end == std::string::npos) return "";
    const std::size_t start = text.find_last_of('\n', end);
    std::string line = text.substr(start == std::string::npos ? 0 : start + 1, end - start);
    std::erase_if(line, [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; });
    if (line.size() > kReasonBytes) line = line.substr(0, kReasonBytes) + " ...";
    return line;
}

Outcome failure(const std::string& program, const Ended& ended, const Report& report, const Limits& limits) {
    const int status = report.status.value_or(0);
    const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (ended.out_of_memory)
        return limited(Limit::Memory,
                       fmt::format(" (more than {} MiB in all its processes)", limits.memory_bytes >> 20));
    if ((signal == SIGXCPU || signal == SIGKILL) && used_up(report, limits.cpu_seconds))
        return limited(Limit::Cpu, fmt::format(" (more than {} s)", limits.cpu_seconds));
    Outcome outcome;
    outcome.verdict = Verdict::Failed;
    if (signal != 0) {
        outcome.reason = fmt::format("ended by {}", signal_name(signal));
        if (signal == SIGKILL && used_up(report, report.cpu_limit))
            outcome.reason += fmt::format(" at a limit of CPU time that it set itself ({} s)", report.cpu_limit);
        return outcome;
    }
    const int code = WEXITSTATUS(status);
    if (code == 1 && ended.last_errors.find("Traceback (most recent call last)") == std::string::npos &&
        ended.errors.find("Traceback (most recent call last)") == std::string::npos &&
        ended.last_errors.find("File \"program.py\", line ") == std::string::npos) {
        outcome.reason = "ended itself with exit code 1 before its tests were done";
    } else if (code == 1) {
        const auto [limit, line] = limit_in(ended.last_errors);
        if (limit != Limit::None) return limited(limit, ": " + line);
        outcome.reason = last_line(ended.last_errors) + raising_line(program, ended.last_errors);
    } else {
        outcome.reason = fmt::format("ended itself with exit code {} before its tests were done", code);
    }
    return outcome;
}

}  // namespace harness::sandbox
