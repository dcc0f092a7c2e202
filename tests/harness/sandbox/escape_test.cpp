// Programs that know the sandbox and try to escape from it.

#include <doctest/doctest.h>
#include <sys/wait.h>

#include <cerrno>
#include <string>

#include "harness/sandbox/sandbox.hpp"
#include "tests/harness/sandbox/short_limits.hpp"

using harness::sandbox::Limit;
using harness::sandbox::Limits;
using harness::sandbox::Outcome;
using harness::sandbox::Sandbox;

namespace {

/// A program that asserts that `expression`, which may use `libc`, is -1.
std::string gives_minus_one(const std::string& expression) {
    return "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\nresult = " + expression +
           "\nassert result == -1, result\n";
}

}  // namespace

TEST_SUITE("sandbox.escape") {
    TEST_CASE("no name or frame or object leads to the mark of a program that ran to its end") {
        const std::string found = "import gc, os, re, sys\ndef use(found):\n    os.write(3, found)\n    os._exit(0)\n";
        const Sandbox sandbox(short_limits());
        for (const char* search :
             {"os.write(1, b'passed')\nos._exit(0)\n", "use(b'0' * 32)\n",
              // Every name of every module and of every frame below.
              "frame = sys._getframe()\nplaces = [vars(m) for m in sys.modules.values() if hasattr(m, '__dict__')]\n"
              "while frame:\n    places += [frame.f_globals, frame.f_locals]\n    frame = frame.f_back\n"
              "for place in places:\n    for value in list(place.values()):\n"
              "        if isinstance(value, (bytes, bytearray)):\n"
              "            for one in re.findall(rb'[0-9a-f]{32}', value): use(one)\nraise ValueError\n",
              // What the garbage collector knows of, two steps deep.
              "for one in gc.get_objects() + [sys._getframe(), sys._getframe(1)]:\n"
              "    for two in [one] + gc.get_referents(one):\n        for value in [two] + gc.get_referents(two):\n"
              "            if isinstance(value, bytes) and re.fullmatch(rb'[0-9a-f]{32}', value): use(value)\n"
              "raise ValueError\n",
              // Descriptors that were read before.
              "for fd in range(256):\n    try: text = os.pread(fd, 32, 0)\n    except OSError: continue\n"
              "    if len(text) == 32: use(text)\nraise ValueError\n",
              // The standard input of the sandbox's first process.
              "import ctypes\nlibc = ctypes.CDLL(None)\nfd = libc.syscall(438, libc.syscall(434, 1, 0), 0, 0)\n"
              "use(os.pread(fd, 32, 0))\n",
              // Ends in the way of another program.
              "import threading\nthreading.Thread(target=os._exit, args=(0,)).start()\n"
              "import time\ntime.sleep(3)\nassert False\n",
              "import atexit\natexit.register(os._exit, 0)\nsys.excepthook = lambda *_: os._exit(0)\nassert False\n"}) {
            CAPTURE(search);
            const Outcome outcome = sandbox.run(found + search);
            CAPTURE(outcome.errors);
            CHECK_FALSE(outcome.passed());
        }
    }

    TEST_CASE("a program that replaces os.write or bytes still passes") {
        const Outcome outcome =
            Sandbox(short_limits())
                .run(
                    "import builtins, os, sys\nos.write = os._exit = builtins.exec = builtins.bytes = None\n"
                    "sys.modules['os'] = None\n");
        INFO(outcome.errors);
        CHECK(outcome.passed());
    }

    TEST_CASE("memory that no limit counts is refused") {
        const Sandbox sandbox(short_limits());
        for (const char* call : {"libc.memfd_create(b'x', 0)", "libc.shmget(0, 1 << 20, 0o1600)"}) {
            const Outcome outcome = sandbox.run(gives_minus_one(call));
            CAPTURE(call);
            CAPTURE(outcome.errors);
            CHECK(outcome.passed());
        }
        CHECK_FALSE(sandbox.run("held = [open('/dev/null') for _ in range(300)]\n").passed());
    }

    TEST_CASE("a program gets no namespaces or other processes' memory or sockets of the hypervisor") {
        const Sandbox sandbox(short_limits());
        for (const char* call :
             {"libc.unshare(0x10000000)", "libc.unshare(0x10020000)", "libc.ptrace(16, os.getppid(), 0, 0)",
              "libc.syscall(56, 0x10000011, 0, 0, 0, 0)", "libc.socket(40, 1, 0)", "libc.syscall(434, 1, 0)",
              "libc.syscall(435, 0, 0)", "libc.syscall(425, 1, 0)", "libc.syscall(0x40000000 + 39)"}) {
            CAPTURE(call);
#if !defined(__x86_64__)
            if (std::string(call).find("syscall") != std::string::npos) continue;  // other numbers
#endif
            const Outcome outcome = sandbox.run(gives_minus_one(call));
            CAPTURE(outcome.errors);
            // A call of the x32 kind ends the program by SIGSYS.
            CHECK((outcome.passed() || outcome.reason == "ended by SIGSYS"));
        }
        // What programs do need: processes, threads, pipes, sockets among themselves.
        const Outcome outcome = sandbox.run(
            "import socket, subprocess, threading\na, b = socket.socketpair()\na.send(b'x')\nassert b.recv(1) == b'x'\n"
            "ran = []\nthread = threading.Thread(target=lambda: ran.append(1))\nthread.start()\nthread.join()\n"
            "assert ran == [1]\nassert subprocess.run(['/usr/bin/true']).returncode == 0\n");
        INFO(outcome.errors);
        CHECK(outcome.passed());
    }

    TEST_CASE("no process is left when a program has ended in any way") {
        Limits limits = short_limits();
        limits.wall = std::chrono::milliseconds(1000);
        const Sandbox sandbox(limits);
        const std::string daemon =
            "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
            "        time.sleep(1000)\n    os._exit(0)\n";
        for (const std::string& program :
             {std::string("pass\n"), std::string("assert False\n"), std::string("import time\ntime.sleep(1000)\n"),
              std::string("import ctypes\nctypes.string_at(0)\n"), daemon, daemon + "time.sleep(1000)\n"}) {
            CAPTURE(program);
            sandbox.run(program);
            errno = 0;
            CHECK(waitpid(-1, nullptr, WNOHANG) == -1);
            CHECK(errno == ECHILD);
        }
    }
}
