#include "harness/sandbox/cgroup.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "harness/sandbox/sandbox.hpp"

using harness::sandbox::Cgroup;
using harness::sandbox::Cgroups;
using harness::sandbox::Limits;
using harness::sandbox::Sandbox;

namespace {

namespace fs = std::filesystem;

/// A cgroup for tests, removed at the end. Empty if this process cannot create one.
class TestGroup {
public:
    TestGroup() {
        std::ifstream mounts("/proc/self/mounts");
        std::string device, folder, type, rest;
        while (mounts >> device >> folder >> type && std::getline(mounts, rest)) {
            std::error_code error;
            const fs::path made = fs::path(folder) / ("bellwether-test-" + std::to_string(getpid()));
            if (type == "cgroup2" && fs::create_directory(made, error)) path_ = made;
        }
        if (path_.empty()) MESSAGE("skipped: no cgroup of version 2 can be made here");
    }
    TestGroup(const TestGroup&) = delete;
    TestGroup& operator=(const TestGroup&) = delete;
    ~TestGroup() {
        rmdir((path_ / "bellwether").c_str());
        rmdir(path_.c_str());
    }
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

}  // namespace

TEST_SUITE("sandbox.cgroup") {
    TEST_CASE("a program's cgroup counts the time of all its processes and kills them when removed") {
        const TestGroup group;
        if (group.path().empty()) return;
        std::string why_not;
        const auto groups = Cgroups::below(group.path(), why_not);
        REQUIRE(groups != nullptr);
        CHECK(groups->bounds().ends_with("CPU time"));
        const pid_t child = fork();
        if (child == 0) {
            // A child that nobody waits for, whose time /proc alone would miss.
            signal(SIGCHLD, SIG_IGN);
            usleep(100'000);
            for (int i = 0; i < 3; ++i) {
                if (fork() == 0) {
                    for (const clock_t start = clock(); clock() - start < CLOCKS_PER_SEC / 5;) continue;
                    _exit(0);
                }
            }
            pause();
            _exit(0);
        }
        auto one = groups->make(Limits{});
        one->add(child);
        for (int i = 0; i < 600 && one->cpu()->count() < 600; ++i) usleep(50'000);
        CHECK(one->cpu()->count() >= 600);
        CHECK_FALSE(one->out_of_memory());
        one.reset();
        int status = 0;
        CHECK(waitpid(child, &status, 0) == child);
        CHECK(WIFSIGNALED(status));
        CHECK(std::distance(fs::directory_iterator(group.path()), fs::directory_iterator()) > 0);
        for (const auto& entry : fs::directory_iterator(group.path())) CHECK_FALSE(entry.is_directory());
    }

    TEST_CASE("a cgroup is used only if this process is alone in it") {
        const TestGroup group;
        if (group.path().empty()) return;
        const pid_t child = fork();
        if (child == 0) {
            std::ofstream(group.path() / "cgroup.procs") << getpid() << std::flush;
            Limits limits;
            limits.cpu_seconds = 1;
            const Sandbox sandbox(limits);
            const bool confined = sandbox.confinement().starts_with("a cgroup bounds ");
            const bool limited = sandbox.run("import os\nos.fork()\nos.fork()\nwhile True: pass\n").limit ==
                                 harness::sandbox::Limit::Cpu;
            _exit(confined && limited && sandbox.run("pass\n").passed() ? 0 : 1);
        }
        int status = 0;
        waitpid(child, &status, 0);
        CHECK(WEXITSTATUS(status) == 0);
        std::string why_not;
        if (Cgroups::delegated(why_not) == nullptr) CHECK_FALSE(why_not.empty());
    }

    TEST_CASE("a cgroup with the controllers of memory and processes ends a program at these limits") {
        const TestGroup group;
        if (group.path().empty()) return;
        std::ifstream file(group.path() / "cgroup.controllers");
        const std::set<std::string> offered{std::istream_iterator<std::string>(file), {}};
        if (!offered.contains("memory") || !offered.contains("pids")) {
            MESSAGE("skipped: the controllers of memory and processes are not given to a cgroup here");
            return;
        }
        const std::string fork_and_hold =
            "import os, time\nfor i in range(8):\n    if os.fork() == 0:\n        held = b'x' * (30 << 20)\n"
            "        time.sleep(30)\ntime.sleep(30)\n";
        const std::map<std::string, std::string> reasons = {
            {"held = b'x' * (150 << 20)\n", "memory (more than 100 MiB in all its processes)"},
            {fork_and_hold, "memory (more than 100 MiB in all its processes)"},
            {"import threading, time\nfor i in range(100):\n"
             "    threading.Thread(target=time.sleep, args=(30,), daemon=True).start()\n",
             "processes: RuntimeError: can't start new thread"},
            {"import os, time\nfor i in range(100):\n    if os.fork() == 0: time.sleep(30)\n",
             "processes: BlockingIOError: [Errno 11] Resource temporarily unavailable"},
            {"pass\n", ""}};
        const pid_t child = fork();
        if (child == 0) {
            std::ofstream(group.path() / "cgroup.procs") << getpid() << std::flush;
            Limits limits;
            limits.memory_bytes = 100U << 20U;
            limits.processes = 40;
            limits.cpu_seconds = 30;
            const Sandbox sandbox(limits);
            int wrong = sandbox.confinement().starts_with("a cgroup bounds memory, processes and CPU time") ? 0 : 10;
            for (const auto& [program, reason] : reasons) {
                const std::string said = sandbox.run(program).reason;
                if (said == reason) continue;
                std::fprintf(stderr, "%s\nended by '%s' in place of '%s'\n", program.c_str(), said.c_str(),
                             reason.c_str());
                ++wrong;
            }
            _exit(wrong);
        }
        int status = 0;
        waitpid(child, &status, 0);
        CHECK(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == 0);
    }

    TEST_CASE("a folder that is not a cgroup is refused") {
        std::string why_not;
        CHECK(Cgroups::below("/tmp", why_not) == nullptr);
        CHECK(why_not == "/tmp is no cgroup of version 2");
    }
}
