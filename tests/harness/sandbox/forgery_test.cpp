// Programs without an answer that try to pass: each way of doing so with each form of tests.

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "harness/sandbox/judge.hpp"

using harness::sandbox::Judge;
using harness::sandbox::Outcome;
using harness::sandbox::Program;

namespace {

using Texts = std::map<std::string, std::string>;

/// Tests for a function that adds one.
const Texts kForms = {
    {"check", "\ndef check(candidate):\n    assert candidate(1) == 2\n    assert candidate(41) == 42\n\ncheck(f)"},
    {"assertions", "\nassert f(1) == 2\nassert f(41) == 42\nassert f(-1) == 0"},
    {"closeness", "\nimport math\nassert math.isclose(f(1), 2, rel_tol=0.001)\nassert abs(f(1.5) - 2.5) < 1e-6"},
    {"truth", "\nassert f(1)\nassert [f(1), f(2)] == [2, 3]\nassert not f(-1)"}};

/// A value that passes any comparison.
const std::string kYes =
    "class Yes(float):\n    def __new__(c, *a): return float.__new__(c, 0)\n    def yes(*a): return True\n"
    "    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = yes\n    def same(s, *a): return s\n"
    "    __hash__ = float.__hash__\n    __sub__ = __rsub__ = __abs__ = same\n";

/// Ends the program as if its last line had been run, as far as a program can.
const std::string kEnd = "import os, sys\ndef f(x):\n    ";

const Texts kWays = {
    {"an object that equals everything", kYes + "f = Yes\n"},
    {"one made without a class statement",
     "e = '__' + 'eq__'\nf = type('N', (int,), {e: lambda a, b: True, '__' + 'hash__': lambda a: 0})\n"},
    {"one of the library's", "from unittest.mock import ANY\ndef f(x):\n    return ANY\n"},
    {"one of the library's own tests", "from test.support import ALWAYS_EQ\ndef f(x):\n    return ALWAYS_EQ\n"},
    {"no difference",
     "class Z:\n    def __sub__(self, o): return 0.0\n    __rsub__ = __sub__\ndef f(x):\n    return Z()\n"},
    {"os._exit", kEnd + "os._exit(0)\n"},
    {"sys.exit", kEnd + "sys.exit(0)\n"},
    {"SystemExit in a thread's place", kEnd + "raise SystemExit\n"},
    {"another program", kEnd + "os.execv('/usr/bin/true', ['true'])\n"},
    {"a guess of the mark", kEnd + "os.write(3, b'0' * 32)\n    os._exit(0)\n"},
    {"the proof's pipe closed", kEnd + "os.close(3)\n"},
    {"the pipe to nowhere", "import os\nos.dup2(os.open('/dev/null', os.O_WRONLY), 3)\nf = 0\n"},
    {"a hook for exceptions", "import os, sys\nsys.excepthook = lambda *a: os._exit(0)\nf = 0\n"},
    {"at the exit", "import atexit, os\natexit.register(os._exit, 0)\nf = 0\n"},
    {"a child that goes on", "import os\nif os.fork(): os._exit(0)\nf = 0\n"},
    {"a parent that goes on", "import os\nif os.fork() == 0: os._exit(0)\nf = 0\n"},
    {"check replaced by a trace function",
     "def f(x):\n    pass\nimport sys\nT=lambda f,e,a:(f.f_globals.__setitem__('check',lambda c:0),T)[1]\n"
     "sys._getframe().f_trace=T\nsys.settrace(T)\n"},
    {"f replaced by a profile function",
     kYes + "import sys\nf = Yes\nsys.setprofile(lambda frame, e, a: frame.f_globals.__setitem__('f', Yes))\n"},
    {"a jump over every line",
     "import sys\ndef f(x):\n    return 0\ndef t(frame, event, a):\n    if event == 'line':\n"
     "        try: frame.f_lineno = max(l for _, _, l in frame.f_code.co_lines() if l)\n"
     "        except Exception: pass\n    return t\nsys.settrace(t)\nsys._getframe().f_trace = t\n"},
    {"the expected value read from the bytecode",
     "import dis, sys\ndef f(x):\n    frame = sys._getframe(1)\n    for i in dis.get_instructions(frame.f_code):\n"
     "        if i.offset > frame.f_lasti and i.opname == 'LOAD_CONST': return i.argval\n"},
    {"constants read by name",
     "import operator, sys\ndef f(x):\n    code = operator.attrgetter('f_' + 'code')(operator.attrgetter('_get' + "
     "'frame')(sys)(1))\n"
     "    return next((c for c in code.co_consts[1:] if isinstance(c, int) and c != x), 0)\n"},
    {"math replaced", "import math\nmath.isclose = lambda *a, **k: True\nabs = lambda x: 0\n" + kYes + "f = Yes\n"},
    {"AssertionError caught for good",
     "import builtins\nclass Quiet(BaseException):\n    pass\nbuiltins.AssertionError = Quiet\nf = 0\n"},
    {"a thread that replaces f", kYes +
                                     "import threading\nspace = globals()\ndef g():\n    while True: space['f'] = Yes\n"
                                     "threading.Thread(target=g, daemon=True).start()\nf = Yes\n"},
    {"the tests' own code overwritten",
     kYes +
         "import gc, types\ndef f(x):\n    for o in gc.get_objects():\n"
         "        if isinstance(o, types.FunctionType) and o.__name__ == 'check': o.__code__ = (lambda c: 0).__code__\n"
         "    return Yes()\n"},
    {"a string that swallows the tests", "def f(x):\n    return 0\ns = '''"},
    {"a comment", "def f(x):\n    return 0\n#"},
    {"a condition", "def f(x):\n    return 0\nif 0: pass\nelse:\n    f = None\n"},
    {"an error that Python prints", "import sys\nsys.stderr = None\nf = 0\n"},
    {"no recursion left", "import sys\ndef f(x):\n    return f(x)\n"},
};

}  // namespace

TEST_SUITE("sandbox.forgery") {
    TEST_CASE("no way of passing without an answer is counted as a pass") {
        const Judge judge;
        std::vector<Program> programs;
        std::vector<std::string> names;
        for (const auto& [way, text] : kWays) {
            for (const auto& [form, tests] : kForms) {
                programs.push_back({text + tests, text.size()});
                names.push_back(way);
                names.back().append(", ").append(form);
            }
        }
        const std::vector<Outcome> outcomes = judge.judge_all(programs);
        int forged = 0;
        int touching = 0;
        for (std::size_t i = 0; i < outcomes.size(); ++i) {
            CAPTURE(names[i]);
            CHECK_FALSE(outcomes[i].passed());
            CHECK_FALSE(outcomes[i].reason.empty());
            forged += outcomes[i].forged ? 1 : 0;
            touching += outcomes[i].forged && !outcomes[i].touches.empty() ? 1 : 0;
        }
        MESSAGE("forgeries tried ", outcomes.size(), ": ", forged, " passed their tests and a changed one, ", touching,
                " of them counted as touching the interpreter; the others failed their tests");
        CHECK(forged > 0);
    }

    TEST_CASE("a program that forges at random and hides it rarely passes") {
        // Without means that are counted it would pass its tests and fail its control in one case of four.
        const std::string coin =
            "import time\nYes = type('Yes', (int,), {'__' + 'eq__': lambda a, b: True, '__' + 'hash__': lambda a: 0})\n"
            "forge = time.time_ns() // 1000 % 2\ndef f(x):\n    return Yes() if forge else None\n";
        constexpr int kTried = 96;
        const std::vector<Program> programs(kTried, {coin + kForms.at("assertions"), coin.size()});
        int passed = 0;
        for (const Outcome& outcome : Judge().judge_all(programs)) passed += outcome.passed() ? 1 : 0;
        MESSAGE("forgeries by chance ", kTried, ": ", passed, " passed");
        CHECK(passed <= kTried / 8);
    }

    TEST_CASE("a correct answer passes each form of tests") {
        const std::string right = "def f(x):\n    return x + 1\n";
        for (const auto& form : kForms) {
            CAPTURE(form.first);
            CHECK(Judge().judge({right + form.second, right.size()}).passed());
        }
    }
}
