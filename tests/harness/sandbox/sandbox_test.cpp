#include "harness/sandbox/sandbox.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <unistd.h>
#include <chrono>
#include <string>

#include "tests/harness/sandbox/short_limits.hpp"

using harness::sandbox::Limit;
using harness::sandbox::Limits;
using harness::sandbox::Outcome;
using harness::sandbox::Sandbox;
using harness::sandbox::Verdict;

namespace {

Outcome ran(const std::string& program, const Limits& limits = short_limits()) {
    return Sandbox(limits).run(program);
}

/// Python that tries `action` and ends well only when the system refuses it with an OSError.
std::string refused(const std::string& action) {
    return "import os, socket\ntry:\n    " + action +
           "\nexcept OSError as error:\n    pass\nelse:\n    raise SystemExit('it was allowed')\n";
}

}  // namespace

TEST_SUITE("sandbox") {
    TEST_CASE("the sandbox works here") {
        INFO(harness::sandbox::why_unavailable().value_or(""));
        CHECK_FALSE(harness::sandbox::why_unavailable().has_value());
    }

    TEST_CASE("a program passes only if it runs to its end") {
        const Sandbox sandbox(short_limits());
        CHECK(sandbox.run("assert 1 + 1 == 2\n").passed());
        CHECK(sandbox.run("").passed());
        for (const char* program :
             {"assert 1 + 1 == 3\n", "def f(:\n", "raise ValueError('x')\n", "import sys\nsys.exit(0)\n",
              "import os\nos._exit(0)\n", "exit()\n", "import no_such_module\n", "input()\n", "a = '\0'\n",
              "import os\nos.abort()\n", "import os\nos.kill(os.getpid(), 9)\n"}) {
            CAPTURE(program);
            const Outcome outcome = sandbox.run(program);
            CAPTURE(outcome.reason);
            CHECK(outcome.verdict == Verdict::Failed);
            CHECK(outcome.limit == Limit::None);
            CHECK_FALSE(outcome.reason.empty());
        }
        CHECK(sandbox.run(std::string("\xff\xfe", 2)).passed() == false);
    }

    TEST_CASE("the first KiB of its errors is kept") {
        const Sandbox sandbox(short_limits());
        const Outcome outcome = sandbox.run("raise ValueError('the reason')\n");
        CHECK(outcome.errors.find("ValueError: the reason") != std::string::npos);
        CHECK(outcome.reason == "ValueError: the reason (line 1: raise ValueError('the reason'))");
        CHECK(sandbox.run("raise ValueError('x' * 5000)\n").errors.size() == 1024);
    }

    TEST_CASE("code below the main guard does not run as in lm-evaluation-harness") {
        CHECK(Sandbox(short_limits()).run("if __name__ == '__main__':\n    raise ValueError()\n").passed());
    }

    TEST_CASE("an infinite loop ends at the CPU-time limit") {
        const Outcome outcome = ran("while True:\n    pass\n");
        CHECK_FALSE(outcome.passed());
        CHECK(outcome.limit == Limit::Cpu);
        CHECK(outcome.reason == "CPU time (more than 1 s)");
    }

    TEST_CASE("a waiting program ends at the wall-time limit even with its output closed") {
        Limits limits = short_limits();
        limits.wall = std::chrono::milliseconds(1500);
        for (const char* program :
             {"import time\ntime.sleep(1000)\n", "import os, time\nos.closerange(0, 100)\ntime.sleep(1000)\n",
              "import signal, time\nfor s in range(1, 32):\n"
              "    if s not in (9, 19):\n        signal.signal(s, signal.SIG_IGN)\n"
              "time.sleep(1000)\n"}) {
            CAPTURE(program);
            const Outcome outcome = ran(program, limits);
            CHECK_FALSE(outcome.passed());
            CHECK(outcome.limit == Limit::Wall);
            CHECK(outcome.reason == "wall time (more than 1.5 s of waiting)");
        }
    }

    TEST_CASE("a fork bomb is contained") {
        const Outcome outcome = ran("import os\nwhile True:\n    os.fork()\n");
        CHECK_FALSE(outcome.passed());
        CHECK(outcome.verdict == Verdict::Limit);
        // One that keeps trying, as do its children.
        const Outcome stubborn =
            ran("import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass\n");
        CHECK_FALSE(stubborn.passed());
        CHECK(stubborn.limit == Limit::Cpu);
        CHECK(Sandbox(short_limits()).run("pass\n").passed());  // and the next program can start
    }

    TEST_CASE("a program has no more processes than the limit and none is left") {
        const Outcome outcome = Sandbox(short_limits())
                                    .run(
                                        "import os, time\nn = 0\n"
                                        "try:\n    while n < 1000:\n        if os.fork() == 0:\n            "
                                        "time.sleep(1000)\n        n += 1\n"
                                        "except OSError:\n    pass\n"
                                        "assert n == 254, n\n");
        INFO(outcome.errors);
        CHECK(outcome.passed());
    }

    TEST_CASE("ten gigabytes are not allocated") {
        const Outcome outcome = ran("x = bytearray(10 * 1000 ** 3)\n");
        CHECK_FALSE(outcome.passed());
        CHECK(outcome.limit == Limit::Memory);
        CHECK(outcome.reason == "memory: MemoryError");
        CHECK(Sandbox(short_limits()).run("x = bytearray(100 * 1000 ** 2)\n").passed());
    }

    TEST_CASE("there is no network") {
        const Outcome outcome =
            Sandbox(short_limits()).run("import socket\nsocket.create_connection(('1.1.1.1', 53), 2)\n");
        CHECK_FALSE(outcome.passed());
        CHECK(outcome.errors.find("Network is unreachable") != std::string::npos);
        const Sandbox sandbox(short_limits());
        CHECK(sandbox.run(refused("socket.create_connection(('1.1.1.1', 53), 2)")).passed());
        // Not the machine's loopback either: the sandbox has its own interface on which nobody listens.
        CHECK(sandbox.run("import socket\nassert [name for _, name in socket.if_nameindex()] == ['lo']\n").passed());
    }

    TEST_CASE("nothing can be written outside the scratch folder") {
        const Sandbox sandbox(short_limits());
        for (const char* path : {"/x", "/usr/x", "/usr/bin/x", "/dev/x", "/dev/shm/x", "/bin/x", "/lib64/x"}) {
            CAPTURE(path);
            const Outcome outcome = sandbox.run(std::string("open('") + path + "', 'w').write('x')\n");
            CHECK_FALSE(outcome.passed());
            CHECK(outcome.errors.find("Read-only file system") != std::string::npos);
        }
        for (const char* path : {"/home", "/root", "/etc/passwd", "/etc/shadow", "/proc/1/environ", "/sys", "/var",
                                 BELLWETHER_SOURCE_DIR}) {
            CAPTURE(path);
            CHECK(sandbox.run(refused(std::string("os.stat('") + path + "')")).passed());
        }
        CHECK(sandbox.run("open('/tmp/x', 'w').write('x')\nassert open('x').read() == 'x'\n").passed());
        CHECK(sandbox.run("import os\nassert os.listdir('/tmp') == []\n").passed());  // each has its own
    }

    TEST_CASE("the scratch folder is limited") {
        const Sandbox sandbox(short_limits());
        CHECK(sandbox.run(refused("open('/tmp/x', 'wb').write(b'x' * 80_000_000)")).passed());
        const Outcome many = sandbox.run("for i in range(20):\n    open(f'/tmp/{i}', 'wb').write(b'x' * 10_000_000)\n");
        CHECK_FALSE(many.passed());
        CHECK(many.errors.find("No space left on device") != std::string::npos);
    }

    TEST_CASE("a program cannot kill the process that runs it") {
        const Sandbox sandbox(short_limits());
        const std::string self = std::to_string(getpid());
        CHECK_FALSE(sandbox.run("import os\nos.kill(" + self + ", 9)\n").passed());
        // Its parent is the sandbox's first process, which ends with it.
        CHECK_FALSE(sandbox.run("import os\nos.kill(os.getppid(), 9)\nimport time\ntime.sleep(1000)\n").passed());
        sandbox.run("import os\nos.kill(-1, 9)\n");
        CHECK(kill(getpid(), 0) == 0);
        CHECK(sandbox.run("pass\n").passed());
    }

    TEST_CASE("any amount of output is discarded and the first KiB of errors is kept") {
        for (const char* stream : {"stdout", "stderr"}) {
            const Outcome outcome =
                ran(std::string("import sys\nfor i in range(100):\n    sys.") + stream + ".write('x' * 1_000_000)\n");
            CHECK(outcome.passed());
            CHECK(outcome.errors.size() == (stream == std::string("stderr") ? 1024 : 0));
        }
        // The reason is the end of the output, not of the part that was kept.
        const Outcome outcome =
            Sandbox(short_limits()).run("import sys\nsys.stderr.write('debug\\n' * 100_000)\nassert 1 == 2, 'no'\n");
        CHECK(outcome.verdict == Verdict::Failed);
        CHECK(outcome.reason == "AssertionError: no (line 3: assert 1 == 2, 'no')");
        CHECK(outcome.errors.starts_with("debug\ndebug\n"));
    }

    TEST_CASE("privileges cannot be gained and the environment is empty") {
        const Sandbox sandbox(short_limits());
        setenv("BELLWETHER_TEST_SECRET", "do not tell", 1);
        CHECK(sandbox.run("import os\nassert 'BELLWETHER_TEST_SECRET' not in os.environ\nassert os.getuid() != 0\n")
                  .passed());
        unsetenv("BELLWETHER_TEST_SECRET");
        CHECK(sandbox.run(refused("os.setuid(0)")).passed());
        CHECK(sandbox.run(refused("os.mkdir('/tmp/m') or os.chroot('/tmp/m')")).passed());
        CHECK(sandbox.run("import ctypes\nassert ctypes.CDLL(None).mount(b'none', b'/tmp', b'tmpfs', 0, None) == -1\n")
                  .passed());
        CHECK(sandbox.run("import ctypes\nassert ctypes.CDLL(None).prctl(39, 0, 0, 0, 0) == 1\n")
                  .passed());  // no_new_privs
        CHECK_FALSE(
            sandbox.run("import resource\nresource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40))\n").passed());
        CHECK_FALSE(sandbox.run("open('/dev/tty')\n").passed());
    }

    TEST_CASE("a program inherits nothing of this process") {
        CHECK(Sandbox(short_limits())
                  .run("import os\nopen_ones = []\nfor fd in range(4, 1024):\n    try:\n        os.fstat(fd)\n"
                       "        open_ones.append(fd)\n    except OSError:\n        pass\nassert open_ones == [], "
                       "open_ones\n")
                  .passed());
    }
}
