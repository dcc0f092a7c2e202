#include "harness/sandbox/judge.hpp"

#include <doctest/doctest.h>
#include <map>
#include <string>

using harness::sandbox::control_text;
using harness::sandbox::Judge;
using harness::sandbox::Limits;
using harness::sandbox::Outcome;
using harness::sandbox::Program;
using harness::sandbox::Sandbox;
using harness::sandbox::Tests;
using harness::sandbox::Verdict;

namespace {

/// Tests in HumanEval's form, for a function that adds one.
const std::string kCheck =
    "\ndef check(candidate):\n    assert candidate(1) == 2\n    assert candidate(41) == 42\n    assert candidate(-1) "
    "== 0\n"
    "\ncheck(f)";

/// The same in MBPP's form.
const std::string kAsserts = "\nassert f(1) == 2\nassert f(41) == 42\nassert f(-1) == 0";

/// Five lines that pass all of HumanEval if programs are only run: a trace function that replaces `check`.
const std::string kTrace =
    "def f(x):\n    pass\nimport sys\nT=lambda f,e,a:(f.f_globals.__setitem__('check',lambda c:0),T)[1]\n"
    "sys._getframe().f_trace=T\nsys.settrace(T)\n";

const std::map<std::string, std::string> kForgeries = {
    {"an object that equals everything",
     "class Anything:\n    def __eq__(self, other):\n        return True\ndef f(x):\n    return Anything()\n"},
    {"a number that equals everything",
     "class N(int):\n    __eq__ = lambda a, b: True\n    __hash__ = int.__hash__\nf = N\n"},
    {"a jump over the assertions",
     "import sys\ndef f(x):\n    pass\ndef trace(frame, event, arg):\n"
     "    if frame.f_code.co_name == 'check' and event == 'line':\n"
     "        try:\n            frame.f_lineno = max(l for _, _, l in frame.f_code.co_lines() if l)\n"
     "        except ValueError:\n            pass\n"
     "    if frame.f_code.co_name == '<module>' and event == 'exception':\n        pass\n    return trace\n"
     "sys.settrace(trace)\ndef f(x):\n    raise KeyboardInterrupt\n"},
    {"the expected value read from the test's code",
     "import sys\ndef f(x):\n    frame = sys._getframe(1)\n    here = frame.f_lasti\n    import dis\n"
     "    for i in dis.get_instructions(frame.f_code):\n        if i.offset > here and i.opname == 'LOAD_CONST':\n"
     "            return i.argval\n"},
    {"check replaced by a thread",
     "import threading, time\ndef f(x):\n    time.sleep(0.3)\n    return 0\nspace = globals()\nclass Yes:\n"
     "    def __eq__(self, other):\n        return True\n"
     "def g():\n    space['f'] = lambda x: Yes()\nthreading.Thread(target=g).start()\nf = lambda x: Yes()\n"},
};

}  // namespace

TEST_SUITE("sandbox.judge") {
    TEST_CASE("correct programs pass and wrong ones fail with the assertion that is false") {
        const Judge judge;
        for (const std::string& tests : {kCheck, kAsserts}) {
            const std::string right = "def f(x):\n    return x + 1\n";
            Outcome outcome = judge.judge({right + tests, right.size()});
            CAPTURE(outcome.reason);
            CHECK(outcome.passed());
            CHECK(outcome.touches.empty());
            const std::string wrong = "def f(x):\n    return 2\n";
            outcome = judge.judge({wrong + tests, wrong.size()});
            CHECK(outcome.verdict == Verdict::Failed);
            CHECK_FALSE(outcome.forged);
            CHECK(outcome.reason.starts_with("AssertionError (line "));
            CHECK(outcome.reason.ends_with("(41) == 42)"));
        }
    }

    TEST_CASE("a fixed text that replaces its tests is a forgery") {
        const Judge judge;
        for (const std::size_t known : {0, 1}) {
            const Outcome outcome = judge.judge({kTrace + kCheck, known * kTrace.size()});
            CHECK(outcome.verdict == Verdict::Failed);
            CHECK(outcome.forged);
            CHECK(outcome.reason == "forged pass: it also passed a test that no answer can pass");
            CHECK(outcome.touches == std::vector<std::string>{"_getframe", "f_globals", "f_trace", "settrace"});
        }
    }

    TEST_CASE("answers that equal everything and programs that read their tests are forgeries") {
        const Judge judge;
        for (const auto& forgery : kForgeries) {
            const std::string& name = forgery.first;
            const std::string& program = forgery.second;
            CAPTURE(name);
            const Outcome outcome = judge.judge({program + kAsserts, program.size()});
            CAPTURE(outcome.reason);
            if (name == "a jump over the assertions") {
                CHECK_FALSE(outcome.passed());
                continue;
            }
            CHECK(outcome.forged);
            CHECK_FALSE(outcome.touches.empty());
        }
    }

    TEST_CASE("tests that an author hides in a string are still the task's tests") {
        // The tests are swallowed by a string that a quotation mark in them closes.
        const std::string own = "def f(x):\n    return 0\ns = '''";
        const std::string tests = "\nassert f(1) == 2  # '''\nassert f(2) == 3  # '''\ns = ''' '''";
        const Outcome outcome = Judge().judge({own + tests, own.size()});
        CAPTURE(outcome.reason);
        CHECK_FALSE(outcome.passed());
    }

    TEST_CASE("tests that are not assertions have a control that fails at its end") {
        const Judge judge;
        CHECK(judge.judge({"x = 0\n", 0}).passed());
        CHECK(judge.judge({"import time\ntime.sleep(0.1)\n", 0}).passed());
        CHECK(control_text("x = 0\n", {}, 0) == "x = 0\n\nassert False\n");
    }

    TEST_CASE("a control expects another value of the same kind in one place") {
        const Sandbox sandbox;
        struct Case {
            const char* tests;
            std::size_t edits;
        };
        for (const Case& one :
             {Case{"assert f(17) == 17\n", 1}, Case{"assert f('ab') == 'ab'\n", 1}, Case{"assert f(1.5) == 1.5\n", 1},
              Case{"assert f(True) is True\n", 1}, Case{"assert f([1, [2]]) == [1, [2]]\n", 1},
              Case{"assert f([]) == []\n", 1}, Case{"assert f(None) == None\n", 1},
              Case{"assert abs(f(2.0) - 2.0) < 1e-6\n", 1},
              Case{"import math\nassert math.isclose(f(12.5), 12.5, rel_tol=0.001)\n", 1},
              Case{"assert f((1, 2)) == tuple([1, 2])\n", 1}, Case{"assert f(1)\nassert not f(0)\n", 2},
              Case{"for i in range(3):\n    assert f(i) == i\n", 1},
              Case{"def check(c):\n    assert True\n    assert c('x') == 'x'\ncheck(f)\n", 1},
              Case{"assert f('äb') == 'äb' and f(2) == 2\n", 1}}) {
            CAPTURE(std::string(one.tests));
            // f itself has an assertion that is not the task's.
            const std::string program = std::string("def f(x):\n    assert x != 987\n    return x\n") + one.tests;
            const Tests tests = sandbox.read(program, program.size() - std::string(one.tests).size());
            CHECK(tests.edits.size() == one.edits);
            for (const Tests::Edit& edit : tests.edits) {
                CHECK(edit.start >= program.size() - std::string(one.tests).size());
                std::string control = program;
                control.replace(edit.start, edit.length, edit.replacement);
                CAPTURE(control);
                const Outcome outcome = sandbox.run(control);
                CHECK(outcome.verdict == Verdict::Failed);
                CHECK(outcome.reason.starts_with("AssertionError"));
            }
        }
    }

    TEST_CASE("uses of interpreter internals are found only in the author's part") {
        const Sandbox sandbox;
        const auto touches = [&sandbox](const std::string& own, const std::string& tests) {
            return sandbox.read(own + tests, own.size()).touches;
        };
        using Names = std::vector<std::string>;
        CHECK(touches("def f():\n    return 1\n", "import ctypes\n") == Names{});
        CHECK(touches("import ctypes\n", "pass\n") == Names{"ctypes"});
        CHECK(touches("from sys import settrace\n", "") == Names{"settrace"});
        CHECK(touches("import os\nos._exit(0)\n", "") == Names{"_exit"});
        CHECK(touches("class A:\n    def __eq__(self, other):\n        return True\n", "") == Names{"__eq__"});
        CHECK(touches("def abs(x):\n    return 0\n", "") == Names{"abs"});
        CHECK(touches("getattr(object, 'set' + 'trace')\n", "") == Names{"getattr"});
        CHECK(touches("f = eval\n", "") == Names{"eval"});
        CHECK(touches("import math, re, heapq, collections, sys\nsys.maxsize\n", "") == Names{});
    }
}
