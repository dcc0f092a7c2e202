#include "harness/sandbox/sandbox.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <random>
#include <system_error>
#include <thread>

#include "harness/sandbox/process.hpp"
#include "harness/sandbox/syscall_filter.hpp"

namespace harness::sandbox {
namespace {

constexpr const char* kBubblewrap = "/usr/bin/bwrap";
constexpr const char* kPython = "/usr/bin/python3";
constexpr const char* kSetpriv = "/usr/bin/setpriv";
constexpr const char* kNobody = "65534";
constexpr int kKilledByCpu = 128 + 24;  // SIGXCPU
constexpr int kOpenFiles = 256;         // of one process: pipes and sockets hold memory too
constexpr std::size_t kMarkBytes = 32;

/// Standard input: the mark (`kMarkBytes`), then the program. The mark is written to descriptor 3 when the program ran
/// to its end, so that exit() on the way is no success. While the program runs, the mark stands nowhere but among the
/// operands of the unfinished expression at the end: no variable, frame or object leads to it, and its file is closed.
/// What that expression calls is looked up before the program runs, which may put others in their places.
/// Limits are set here, inside, where the count of processes is the sandbox's own. The program has no `__name__` of a
/// main module and no standard input, as in the reference harness.
constexpr const char* kLauncher = R"(
import os, resource, sys
cpu, memory, processes, scratch, files, mark = map(int, sys.argv[1:])
sys.argv = ['program.py']
program = b''
while part := os.pread(0, 1 << 20, mark + len(program)):
    program += part
for limit, value in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, scratch), (resource.RLIMIT_NPROC, processes),
                     (resource.RLIMIT_NOFILE, files), (resource.RLIMIT_AS, memory)):
    resource.setrlimit(limit, (value, value))
resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
program = compile(program, 'program.py', 'exec')
def take():
    taken = os.pread(0, mark, 0)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    return taken
os._exit(os.write(3, take() + bytes(exec(program, {}) or 0)) - mark)
)";

std::vector<std::string> sandbox_command(const Limits& limits) {
    std::vector<std::string> command;
    if (geteuid() == 0) {
        command = {kSetpriv, "--reuid", kNobody, "--regid", kNobody, "--clear-groups", "--no-new-privs"};
    }
    // clang-format off
    for (const char* part : {
            kBubblewrap, "--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
            "--clearenv", "--setenv", "PATH", "/usr/bin", "--setenv", "LANG", "C.UTF-8", "--setenv", "HOME", "/tmp",
            "--setenv", "PYTHONHASHSEED", "0", "--hostname", "sandbox",
            "--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib",
            "--symlink", "usr/lib64", "/lib64", "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache",
            "--dev", "/dev", "--remount-ro", "/dev", "--info-fd", "5"}) {
        command.emplace_back(part);
    }
    // clang-format on
    if (!syscall_filter().empty()) command.insert(command.end(), {"--seccomp", "4"});
    for (const std::string& part :
         {std::string("--size"), std::to_string(limits.scratch_bytes), std::string("--tmpfs"), std::string("/tmp"),
          std::string("--chdir"), std::string("/tmp"), std::string("--remount-ro"), std::string("/"),
          std::string(kPython), std::string("-s"), std::string("-B"), std::string("-c"), std::string(kLauncher),
          std::to_string(limits.cpu_seconds), std::to_string(limits.memory_bytes), std::to_string(limits.processes),
          std::to_string(limits.scratch_bytes), std::to_string(kOpenFiles), std::to_string(kMarkBytes)}) {
        command.push_back(part);
    }
    return command;
}

std::string random_mark() {
    std::random_device random;
    return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

void require_program(const char* path, const char* package) {
    if (access(path, X_OK) != 0)
        throw SandboxError(
            fmt::format("code tasks run in a sandbox, which needs {}; install the Debian package {}", path, package));
}

/// What may stand in the way, from what bubblewrap says.
std::string advice(const std::string& said) {
    if (said.find("user namespace") != std::string::npos || said.find("uid map") != std::string::npos ||
        said.find("Operation not permitted") != std::string::npos ||
        said.find("Permission denied") != std::string::npos)
        return "user namespaces are not allowed here: see sysctl kernel.unprivileged_userns_clone (1), "
               "user.max_user_namespaces (above 0) and kernel.apparmor_restrict_unprivileged_userns (0); a container "
               "needs a seccomp profile and rights under which unshare and mount work";
    if (said.find("nown option") != std::string::npos) return "bubblewrap 0.8.0 or newer is needed";
    return "try 'bwrap --unshare-all --ro-bind / / true' to see what is missing";
}

}  // namespace

const char* to_string(Limit limit) {
    switch (limit) {
        case Limit::Wall: return "wall time";
        case Limit::Cpu: return "CPU time";
        case Limit::Output: return "output";
        default: return "";
    }
}

Sandbox::Sandbox(const Limits& limits) : limits_(limits), command_(sandbox_command(limits)) {
    require_program(kBubblewrap, "bubblewrap");
    require_program(kPython, "python3");
    if (geteuid() == 0) require_program(kSetpriv, "util-linux");
    const Outcome outcome = run("pass\n");
    if (!outcome.passed) {
        const std::string said = outcome.errors.empty()
                                     ? fmt::format("it ended with {}", outcome.exit_code)
                                     : outcome.errors.substr(0, outcome.errors.find_last_not_of('\n') + 1);
        throw SandboxError(fmt::format("the sandbox for code tasks does not work here: {}: {}", said, advice(said)));
    }
}

Outcome Sandbox::run(const std::string& program) const {
    const std::string mark = random_mark();
    Ended ended;
    try {
        ended = run_process(command_, {.program = mark + program, .filter = syscall_filter()}, limits_.wall,
                            limits_.output_bytes);
    } catch (const std::system_error& error) {
        throw SandboxError(fmt::format("the sandbox could not be started: {}", error.what()));
    }
    Outcome outcome;
    outcome.exit_code = ended.status;
    outcome.errors = std::move(ended.output);
    if (ended.output_limit) {
        outcome.killed_by = Limit::Output;
    } else if (ended.wall_limit) {
        outcome.killed_by = Limit::Wall;
    } else if (ended.status == kKilledByCpu) {
        outcome.killed_by = Limit::Cpu;
    }
    outcome.timed_out = outcome.killed_by == Limit::Wall || outcome.killed_by == Limit::Cpu;
    outcome.passed = ended.status == 0 && ended.mark == mark && outcome.killed_by == Limit::None;
    return outcome;
}

std::vector<Outcome> Sandbox::run_all(const std::vector<std::string>& programs, unsigned parallel) const {
    std::vector<Outcome> outcomes(programs.size());
    std::atomic<std::size_t> next = 0;
    std::exception_ptr failure;
    std::mutex failing;
    const auto work = [&] {
        try {
            for (std::size_t i = next++; i < programs.size(); i = next++) outcomes[i] = run(programs[i]);
        } catch (...) {
            const std::lock_guard lock(failing);
            failure = std::current_exception();
            next = programs.size();
        }
    };
    const std::size_t wanted = parallel != 0 ? parallel : std::max(1U, std::thread::hardware_concurrency());
    {
        std::vector<std::jthread> workers;
        for (std::size_t i = 0; i < std::min(wanted, programs.size()); ++i) workers.emplace_back(work);
    }
    if (failure) std::rethrow_exception(failure);
    return outcomes;
}

std::optional<std::string> why_unavailable() {
    try {
        const Sandbox sandbox;
        return std::nullopt;
    } catch (const SandboxError& error) {
        return error.what();
    }
}

}  // namespace harness::sandbox
