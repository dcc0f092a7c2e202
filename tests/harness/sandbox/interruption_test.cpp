// Tests what happens to programs when something outside stops or kills them or the harness, or the machine is full.

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <thread>

#include "harness/sandbox/judge.hpp"
#include "harness/sandbox/process_tree.hpp"
#include "tests/harness/sandbox/short_limits.hpp"

using harness::sandbox::Interrupted;
using harness::sandbox::Judge;
using harness::sandbox::Limit;
using harness::sandbox::Limits;
using harness::sandbox::Outcome;
using harness::sandbox::process_tree;
using harness::sandbox::Sandbox;
using harness::sandbox::Verdict;

namespace {

using std::chrono::milliseconds;

constexpr const char* kSlow = "import time\ntime.sleep(1.5)\nassert 1 + 1 == 2\n";

std::string name_of(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/comm");
    std::string name;
    std::getline(file, name);
    return name;
}

/// The process of the program: the deepest below this one that is Python's; -1 when none runs yet.
pid_t program_process() {
    pid_t found = -1;
    int interpreters = 0;
    for (const pid_t member : process_tree(getpid()).members) {
        if (!name_of(member).starts_with("python3")) continue;
        ++interpreters;
        found = std::max(found, member);
    }
    return interpreters < 2 ? -1 : found;  // the first is the launcher
}

/// Does something to the program's process as often as a new one appears, while a program runs.
class Attacker {
public:
    Attacker(int times, std::function<void(pid_t)> attack)
        : thread_([this, times, attack = std::move(attack)](const std::stop_token& stop) {
              pid_t last = -1;
              while (!stop.stop_requested() && done_ < times) {
                  std::this_thread::sleep_for(milliseconds(30));
                  const pid_t process = program_process();
                  if (process < 0 || process == last) continue;
                  std::this_thread::sleep_for(milliseconds(200));
                  attack(process);
                  last = process;
                  ++done_;
              }
          }) {}
    int done() const { return done_; }

private:
    std::atomic<int> done_ = 0;
    std::jthread thread_;
};

/// Runs `action` in a child process, since it would change this one; returns the exit code.
int in_child(const std::function<int()>& action) {
    const pid_t child = fork();
    if (child == 0) _exit(action());
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

TEST_SUITE("sandbox.interruption") {
    TEST_CASE("a program whose interpreter is killed from outside is judged again") {
        const Sandbox sandbox(short_limits());
        Attacker attacker(2, [](pid_t process) { kill(process, SIGKILL); });
        const Outcome outcome = sandbox.run(kSlow);
        CAPTURE(outcome.reason);
        CHECK(attacker.done() == 2);
        CHECK(outcome.passed());
    }

    TEST_CASE("a program that is killed every time is not judged") {
        const Sandbox sandbox(short_limits());
        Attacker attacker(100, [](pid_t process) { kill(process, SIGKILL); });
        const Outcome outcome = sandbox.run(kSlow);
        CHECK(outcome.verdict == Verdict::NotJudged);
        CHECK(outcome.reason == "the program was ended by SIGKILL, 4 times");
        CHECK(attacker.done() == Sandbox::kAttempts);
    }

    TEST_CASE("a program that kills itself fails in any way of doing so") {
        const Sandbox sandbox(short_limits());
        for (const char* program :
             {"import os\nos.kill(os.getpid(), 9)\n", "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)\n",
              "import os\nos._exit(137)\n", "import sys\nsys.exit(137)\n", "raise KeyboardInterrupt\n",
              "import os\nos.kill(0, 9)\n", "import os\nos.kill(-1, 9)\nos.kill(os.getpid(), 9)\n",
              "import ctypes, os\nctypes.CDLL(None).raise_ = 0\nctypes.CDLL(None)['raise'](9)\nos._exit(1)\n"}) {
            CAPTURE(std::string(program));
            const Outcome outcome = sandbox.run(program);
            CAPTURE(outcome.reason);
            CHECK(outcome.verdict == Verdict::Failed);
        }
    }

    TEST_CASE("a program whose sandbox is killed from outside is judged again") {
        const Sandbox sandbox(short_limits());
        Attacker attacker(1, [](pid_t) {
            for (const pid_t member : process_tree(getpid()).members) {
                if (member != getpid() && name_of(member) == "bwrap") kill(member, SIGKILL);
            }
        });
        CHECK(sandbox.run(kSlow).passed());
        CHECK(attacker.done() == 1);
    }

    TEST_CASE("a program that is stopped from outside continues") {
        const Sandbox sandbox(short_limits());
        for (const bool everything : {false, true}) {
            Attacker attacker(1, [everything](pid_t process) {
                for (const pid_t member : process_tree(getpid()).members) {
                    if (member == process || (everything && member != getpid())) kill(member, SIGSTOP);
                }
            });
            const Outcome outcome = sandbox.run(kSlow);
            CAPTURE(outcome.reason);
            CHECK(attacker.done() == 1);
            CHECK(outcome.passed());
        }
    }

    TEST_CASE("a program that stops itself continues or ends at a limit") {
        const Sandbox sandbox(short_limits());
        const Outcome outcome = sandbox.run("import os\nos.kill(os.getpid(), 19)\nassert 1 == 1\n");
        CAPTURE(outcome.reason);
        CHECK(outcome.passed());
        CHECK(sandbox.run("import os\nos.kill(os.getpid(), 19)\nassert 1 == 2\n").verdict == Verdict::Failed);
    }

    TEST_CASE("time in which the harness is stopped does not count") {
        const int code = in_child([] {
            Limits limits = short_limits();
            limits.wall = milliseconds(2000);
            const Sandbox sandbox(limits);
            const pid_t self = getpid();
            // Stops this process alone for longer than the limit, as a container's pause or Ctrl-Z does.
            if (const pid_t stopper = fork(); stopper == 0) {
                std::this_thread::sleep_for(milliseconds(400));
                kill(self, SIGSTOP);
                std::this_thread::sleep_for(milliseconds(4000));
                kill(self, SIGCONT);
                _exit(0);
            }
            const Outcome finished = sandbox.run(kSlow);
            const Outcome after = sandbox.run("import time\ntime.sleep(1)\n");
            while (waitpid(-1, nullptr, 0) > 0) continue;
            return finished.passed() && after.passed() ? 0 : 1;
        });
        CHECK(code == 0);
    }

    TEST_CASE("a terminal's Ctrl-C and Ctrl-Z do not reach the programs") {
        const int code = in_child([] {
            setpgid(0, 0);
            signal(SIGINT, SIG_IGN);
            signal(SIGTSTP, SIG_IGN);
            const Sandbox sandbox(short_limits());
            std::jthread keys([] {
                while (program_process() < 0) std::this_thread::sleep_for(milliseconds(20));
                kill(0, SIGINT);
                kill(0, SIGTSTP);
            });
            return sandbox.run(kSlow).passed() ? 0 : 1;
        });
        CHECK(code == 0);
    }

    TEST_CASE("a batch that is interrupted has no outcomes and leaves no process") {
        std::atomic<bool> go_on = true;
        const Judge judge(short_limits(), 2, [&go_on] { return go_on.load(); });
        std::jthread interrupt([&go_on] {
            std::this_thread::sleep_for(milliseconds(500));
            go_on = false;
        });
        CHECK_THROWS_AS(judge.judge_all({{kSlow, 0}, {kSlow, 0}, {kSlow, 0}}), Interrupted);
        CHECK(waitpid(-1, nullptr, WNOHANG) == -1);
    }

    TEST_CASE("a full process table does not fail a program") {
        const int code = in_child([] {
            Limits limits = short_limits();
            const Sandbox sandbox(limits);
            // The limit applies to user nobody, as whom programs run if this is root, and otherwise to this user.
            const rlimit none = {1, 1};
            setrlimit(RLIMIT_NPROC, &none);
            const Outcome outcome = sandbox.run("assert 1 == 1\n");
            std::ofstream("/tmp/bellwether_full_table") << outcome.reason;
            return outcome.verdict == Verdict::NotJudged ? 0 : 1;
        });
        std::ifstream file("/tmp/bellwether_full_table");
        std::ostringstream reason;
        reason << file.rdbuf();
        std::filesystem::remove("/tmp/bellwether_full_table");
        CAPTURE(reason.str());
        CHECK(code == 0);
        CHECK(reason.str().ends_with("4 times"));
    }

    TEST_CASE("a busy machine does not use up a program's waiting time") {
        Limits limits = short_limits();
        limits.cpu_seconds = 2;
        limits.wall = milliseconds(700);
        // Runs for longer than it may wait.
        const Outcome outcome = Sandbox(limits).run(
            "import time\nstart = time.process_time()\nwhile time.process_time() - start < 1.2: pass\n");
        CAPTURE(outcome.reason);
        CHECK(outcome.passed());
        CHECK(Sandbox(limits).run("import time\ntime.sleep(5)\n").limit == Limit::Wall);
    }

    TEST_CASE("limits hold for all processes of a program together") {
        Limits limits = short_limits();
        limits.memory_bytes = 200U << 20U;
        limits.scratch_files = 500;
        limits.wall = milliseconds(20000);
        const Sandbox sandbox(limits);
        const auto limit_of = [&sandbox](const char* program) {
            const Outcome outcome = sandbox.run(program);
            CAPTURE(outcome.reason);
            CHECK(outcome.verdict == Verdict::Limit);
            return outcome.limit;
        };
        CHECK(limit_of("import os, time\nfor i in range(8):\n    if os.fork() == 0:\n        x = b'x' * (60 << 20)\n"
                       "        time.sleep(30)\ntime.sleep(30)\n") == Limit::Memory);
        CHECK(
            limit_of("import os\nfor i in range(8):\n    if os.fork() == 0:\n        while True: pass\nos.wait()\n") ==
            Limit::Cpu);
        CHECK(limit_of("import time\nfor i in range(5000):\n    open(f'/tmp/{i}', 'w').close()\ntime.sleep(30)\n") ==
              Limit::Files);
        CHECK(limit_of("import threading, time\nfor i in range(500):\n"
                       "    threading.Thread(target=time.sleep, args=(30,), daemon=True).start()\n") ==
              Limit::Processes);
    }

    TEST_CASE("a hundred threads and a pool of ten processes are allowed") {
        const Sandbox sandbox(short_limits());
        const Outcome outcome = sandbox.run(
            "from concurrent.futures import ThreadPoolExecutor\nimport threading, time\n"
            "threads = [threading.Thread(target=time.sleep, args=(0.3,)) for _ in range(100)]\n"
            "for t in threads: t.start()\nfor t in threads: t.join()\n"
            "with ThreadPoolExecutor(max_workers=10) as pool:\n"
            "    assert list(pool.map(lambda x: (time.sleep(0.01), x)[1], range(50))) == list(range(50))\n");
        CAPTURE(outcome.reason);
        CHECK(outcome.passed());
    }

    TEST_CASE("a verdict does not depend on packages or variables or locale or hash seed of this machine") {
        const Sandbox sandbox(short_limits());
        setenv("PYTHONPATH", "/tmp", 1);
        setenv("PYTHONHASHSEED", "77", 1);
        setenv("LC_ALL", "de_DE.ISO-8859-1", 1);
        setenv("PYTHONSTARTUP", "/tmp/x", 1);
        const Outcome outcome = sandbox.run(
            "import locale, os, sys, time\nassert not [p for p in sys.path if 'packages' in p or 'local' in p], "
            "sys.path\n"
            "assert sys.flags.no_site and sys.flags.no_user_site and sys.flags.utf8_mode\n"
            "assert '' not in sys.path and os.getcwd() == '/tmp'\n"
            "assert [k for k in os.environ if k.startswith('LC_')] == []\nassert time.tzname[0] == 'UTC'\n"
            "assert os.listdir('/usr/local') == []\n"
            "sys.stderr.write(str(hash('a')) + '\\n')\n");
        for (const char* name : {"PYTHONPATH", "PYTHONHASHSEED", "LC_ALL", "PYTHONSTARTUP"}) unsetenv(name);
        CAPTURE(outcome.reason);
        CHECK(outcome.passed());
        CHECK(outcome.errors.size() > 2);
        CHECK(outcome.errors == sandbox.run("import sys\nsys.stderr.write(str(hash('a')) + '\\n')\n").errors);
        CHECK(sandbox.run("import numpy\n").reason ==
              "ModuleNotFoundError: No module named 'numpy' (line 1: import numpy)");
    }
}
