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

/// What the task's own part of a program asks of it, found without running it.
struct Tests {
    /// A change of the text after which an honest program cannot pass.
    struct Edit {
        std::size_t start = 0;
        std::size_t length = 0;
        std::string replacement;
    };
    std::vector<Edit> edits;
    std::vector<std::string> touches;  ///< see Outcome
    bool unusual = false;              ///< not made of what answers are usually made of
};

/// Runs Python programs that nobody has read: bubblewrap with namespaces of its own for users, processes, network, IPC
/// and host name; of the file system only /usr, read-only and without what was installed beside Python, and an empty
/// /tmp; a fixed environment, no new privileges, no terminal; no calls of the kernel that benchmarks have no use for
/// (syscall_filter.hpp). As root, the sandbox is entered as nobody, for the kernel does not count root's processes.
/// Where the kernel kills for want of memory, it takes a sandbox first. Python runs without site-packages and user
/// packages, with a fixed hash seed, locale and time zone, so that a verdict does not depend on the machine.
///
/// The first process in the sandbox (python/launch.py) runs the program in a child and reports how that ended on a pipe
/// that the program does not have, so that a sandbox that did not start, a program that failed and a program that
/// somebody killed are told apart. What only the child can tell is that the program ran to its end: program and tests
/// are one Python process, as in the reference, and a program that takes that process over can claim anything.
/// judge.hpp says what is done about it. What remains: who knows a published test, its answers or its fingerprint, can
/// pass that test, with or without tampering; and one forgery in 64 that is left to chance.
///
/// Immutable after construction; all threads may run programs at once.
class Sandbox {
public:
    /// Runs an empty program to see that it works. `keep_on` is asked ten times a second while a program runs; when it
    /// says false, the program is ended and Interrupted thrown. Throws SandboxError.
    explicit Sandbox(const Limits& limits = {}, std::function<bool()> keep_on = {});
    ~Sandbox();
    Sandbox(Sandbox&&) noexcept;

    /// One program in a sandbox of its own, as the body of a script that is not the main module (so that what stands
    /// below `if __name__ == "__main__"` does not run). When the sandbox does not start or the program is killed or
    /// stopped from outside, it is run again, up to kAttempts times in all, and is not judged if that does not help.
    /// Throws Interrupted.
    Outcome run(const std::string& program) const;

    /// Reads a program of which the first `tests_at` bytes are the author's and the rest the task's (0: not known).
    /// Throws Interrupted; SandboxError where the sandbox does not start.
    Tests read(const std::string& program, std::size_t tests_at) const;

    const Limits& limits() const { return limits_; }
    /// See sandbox::confinement().
    const std::string& confinement() const { return confinement_; }

    static constexpr int kAttempts = 4;

private:
    enum class Script { Launch, FindTests };
    std::vector<std::string> command(Script script, std::size_t tests_at) const;
    /// One attempt; nothing, with the reason, when it says nothing about the program.
    std::optional<Outcome> attempt(const std::string& program, Signals signals, std::string& why_not) const;

    Limits limits_;
    std::function<bool()> keep_on_;
    std::unique_ptr<Cgroups> cgroups_;
    std::string confinement_;
    std::string filter_, strict_filter_;
};

/// Why code tasks cannot run here; nothing when they can.
std::optional<std::string> why_unavailable();

/// How programs are confined on this machine, in one sentence for a run's record and reports: the versions of
/// bubblewrap and Python, and whether all processes of a program are bounded together by the kernel (a delegated
/// cgroup) or watched ten times a second. Throws SandboxError where there can be no sandbox.
std::string confinement();

}  // namespace harness::sandbox
