#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/sandbox/cgroup.hpp"
#include "harness/sandbox/error.hpp"
#include "harness/sandbox/limits.hpp"
#include "harness/sandbox/outcome.hpp"
#include "harness/sandbox/syscall_filter.hpp"

namespace harness::sandbox {

/// The tests in the task's part of a program, found without running it.
struct Tests {
    /// A change of the text that makes every honest program fail.
    struct Edit {
        std::size_t start = 0;
        std::size_t length = 0;
        std::string replacement;
    };
    std::vector<Edit> edits;
    std::vector<std::string> touches;  ///< see Outcome
    bool unusual = false;              ///< uses constructs that are unusual in answers
};

/// Runs untrusted Python programs in bubblewrap with separate namespaces for users, processes, network, IPC and host
/// name; a file system that has only /usr, read-only and without packages installed beside Python, and an empty /tmp; a
/// fixed environment, no new privileges, no terminal; and no system calls that benchmarks do not need
/// (syscall_filter.hpp). If started as root, the sandbox runs as user nobody, since the kernel does not count root's
/// processes. When memory is short, the kernel kills sandboxes first. Python runs without site-packages and user
/// packages, with a fixed hash seed, locale and time zone, so that a verdict does not depend on the machine.
///
/// The first process in the sandbox (python/launch.py) runs the program in a child and reports how it ended on a pipe
/// that the program cannot access. This distinguishes a sandbox that did not start, a program that failed and a program
/// that somebody killed. Only the child itself can report that the program ran to its end: program and tests are one
/// Python process, as in lm-evaluation-harness, and a program that takes over that process can claim anything.
/// judge.hpp describes the defence. What remains: a program that knows a published test, its answers or its fingerprint
/// can pass that test, with or without tampering; and one of 64 random forgeries.
///
/// Immutable after construction; several threads may run programs at once.
class Sandbox {
public:
    /// Runs an empty program as a check. `keep_on` is called ten times a second while a program runs; when it returns
    /// false, the program is killed and Interrupted is thrown. Throws SandboxError.
    explicit Sandbox(const Limits& limits = {}, std::function<bool()> keep_on = {});
    ~Sandbox();
    Sandbox(Sandbox&&) noexcept;

    /// Runs one program in its own sandbox, as a script that is not the main module (so that code below `if __name__ ==
    /// "__main__"` does not run). If the sandbox does not start, or the program is killed or stopped from outside, it
    /// is run again, up to kAttempts times in all; then the outcome is NotJudged. Throws Interrupted.
    Outcome run(const std::string& program) const;

    /// Parses a program whose first `tests_at` bytes are the author's and the rest the task's (0: unknown). Throws
    /// Interrupted; SandboxError if the sandbox does not start.
    Tests read(const std::string& program, std::size_t tests_at) const;

    const Limits& limits() const { return limits_; }
    /// See sandbox::confinement().
    const std::string& confinement() const { return confinement_; }

    static constexpr int kAttempts = 4;

private:
    enum class Script { Launch, FindTests };
    std::vector<std::string> command(Script script, std::size_t tests_at) const;
    /// One attempt; nullopt, with the reason in `why_not`, when it gives no verdict.
    std::optional<Outcome> attempt(const std::string& program, Signals signals, std::string& why_not) const;

    Limits limits_;
    std::function<bool()> keep_on_;
    std::unique_ptr<Cgroups> cgroups_;
    std::string confinement_;
    std::string filter_, strict_filter_;
};

/// Why code tasks cannot run here; nullopt if they can.
std::optional<std::string> why_unavailable();

/// How programs are confined on this machine, in one sentence for a run's record and reports: the versions of
/// bubblewrap and Python, and whether the kernel limits all processes of a program together (a delegated cgroup) or
/// they are checked ten times a second. Throws SandboxError if no sandbox can be created.
std::string confinement();

}  // namespace harness::sandbox
