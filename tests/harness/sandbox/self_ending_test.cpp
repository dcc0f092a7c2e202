// Programs that end themselves, or the sandbox, in a way that looks like a kill from outside. Each must get a verdict:
// one without would keep its run from ever finishing.

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <string>

#include "harness/sandbox/sandbox.hpp"

using harness::sandbox::Limits;
using harness::sandbox::Outcome;
using harness::sandbox::Sandbox;
using harness::sandbox::Verdict;

namespace {

/// Two seconds of CPU time, more than the programs below set for themselves.
Limits limits() {
    Limits limits;
    limits.cpu_seconds = 2;
    limits.wall = std::chrono::milliseconds(4000);
    return limits;
}

const std::string kLibc = "import ctypes, os, time\nlibc = ctypes.CDLL(None)\n";

struct Ending {
    std::string program;
    std::string reason;  ///< how it begins
};

/// By name of the method.
const std::map<std::string, Ending> kEndings = {
    {"a lower limit of CPU time",
     {"import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass\n",
      "ended by SIGKILL at a limit of CPU time that it set itself (1 s)"}},
    {"no CPU time at all",
     {"import resource\nresource.setrlimit(resource.RLIMIT_CPU, (0, 0))\nwhile True: pass\n",
      "ended by SIGKILL at a limit of CPU time that it set itself (0 s)"}},
    {"a lower limit that warns first",
     {"import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 2))\nwhile True: pass\n", "ended by SIGXCPU"}},
    {"the signal of that limit", {"import os, signal\nos.kill(os.getpid(), signal.SIGXCPU)\n", "ended by SIGXCPU"}},
    {"an alarm", {"import signal, time\nsignal.alarm(1)\ntime.sleep(3)\n", "ended by SIGALRM"}},
    {"the end of a child that sends SIGTERM",
     {kLibc + "if libc.syscall(56, 15, 0, 0, 0, 0) == 0: os._exit(0)\ntime.sleep(1)\nassert False, 'alive'\n",
      "AssertionError: alive"}},
    {"the end of a child that sends SIGKILL",
     {kLibc + "if libc.syscall(56, 9, 0, 0, 0, 0) == 0: os._exit(0)\ntime.sleep(1)\nassert False, 'alive'\n",
      "AssertionError: alive"}},
    {"a terminal that hangs up",
     {"import fcntl, os, pty, termios, time\nos.setsid()\nmaster, slave = pty.openpty()\n"
      "fcntl.ioctl(slave, termios.TIOCSCTTY, 0)\nos.close(slave)\nos.close(master)\ntime.sleep(1)\n",
      "PermissionError: [Errno 1]"}},
    {"a signal to the sandbox's first process",
     {"import os, signal, time\nfor number in range(1, 65):\n"
      "    if number not in (9, 19): os.kill(os.getppid(), number)\ntime.sleep(0.5)\nassert False, 'alive'\n",
      "AssertionError: alive"}},
    {"limits for the sandbox's first process",
     {"import os, resource\nfor what in range(16):\n    try: resource.prlimit(os.getppid(), what, (0, 0))\n"
      "    except PermissionError: continue\n    raise ValueError(what)\nassert False, 'alive'\n",
      "AssertionError: alive"}},
};

}  // namespace

TEST_SUITE("sandbox.self_ending") {
    TEST_CASE("a program that ends itself as if killed from outside has a verdict") {
        const Sandbox sandbox(limits());
        for (const auto& way : kEndings) {
            CAPTURE(way.first);
            const Ending& ending = way.second;
#if !defined(__x86_64__)
            if (ending.program.find("syscall") != std::string::npos) continue;  // other numbers
#endif
            const Outcome outcome = sandbox.run(ending.program);
            CAPTURE(outcome.errors);
            CHECK(outcome.verdict == Verdict::Failed);
            CHECK(outcome.reason.substr(0, ending.reason.size()) == ending.reason);
        }
        MESSAGE("ways of ending like a kill from outside: ", kEndings.size());
    }

    TEST_CASE("programs may read the limits of others and handle Ctrl-C") {
        const Outcome outcome = Sandbox(limits()).run(
            "import os, resource, signal\nassert resource.prlimit(os.getppid(), resource.RLIMIT_CPU)\n"
            "resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\n"
            "try: os.kill(os.getpid(), signal.SIGINT)\nexcept KeyboardInterrupt: pass\nelse: assert False\n");
        CAPTURE(outcome.reason);
        CHECK(outcome.passed());
    }
}
