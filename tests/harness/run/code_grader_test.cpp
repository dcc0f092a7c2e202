#include "harness/run/code_grader.hpp"

#include <doctest/doctest.h>
#include <atomic>
#include <string>

#include "engine/language_model.hpp"

using harness::run::CodeGrader;

namespace {

harness::sandbox::Limits short_limits() {
    harness::sandbox::Limits limits;
    limits.cpu_seconds = 1;
    limits.wall = std::chrono::milliseconds(4000);
    return limits;
}

}  // namespace

TEST_SUITE("harness.code_grader") {
    TEST_CASE("a grader runs collected programs in parallel and answers from their outcomes") {
        CodeGrader grader(short_limits(), 2);
        const auto collect = grader.collecting();
        const auto grade = grader.grader();
        collect({.text = "assert True\n"});
        collect({.text = "assert False\n"});
        grader.run();
        CHECK(grade({.text = "assert True\n"}).value == 1.0);
        CHECK(grade({.text = "assert True\n"}).explanation.empty());
        CHECK(grade({.text = "assert False\n"}).value == 0.0);
        CHECK(grade({.text = "assert False\n"})
                  .explanation.starts_with("AssertionError (line 1: assert False)\nTraceback"));
        CHECK(grade({.text = "assert 2 > 1\n"}).value == 1.0);  // not collected: run now
    }

    TEST_CASE("forgeries and programs that touch the interpreter are counted") {
        CodeGrader grader(short_limits(), 2);
        const auto grade = grader.grader();
        const auto counts = [&grade](const char* program) { return grade({.text = program}).counts; };
        using Counts = std::map<std::string, double>;
        CHECK(counts("assert 1 == 1\n") == Counts{{"forged_pass", 0}, {"touches_interpreter", 0}});
        CHECK(counts("assert eval('1') == 1\n") == Counts{{"forged_pass", 0}, {"touches_interpreter", 1}});
        const auto forged =
            grade({.text = "class A:\n    def __eq__(self, other):\n        return True\nassert A() == 1\n"});
        CHECK(forged.value == 0.0);
        CHECK(forged.counts == Counts{{"forged_pass", 1}, {"touches_interpreter", 1}});
    }

    TEST_CASE("threads and much output fail no program and each failure says why") {
        CodeGrader grader({}, 2);
        const auto judged = grader.grader();
        const auto grade = [&judged](const char* program) { return judged({.text = program}); };
        CHECK(grade("from concurrent.futures import ThreadPoolExecutor\nimport time\n"
                    "with ThreadPoolExecutor(max_workers=10) as e:\n"
                    "    r=list(e.map(lambda x:(time.sleep(0.01),x)[1],range(50)))\nassert r==list(range(50))")
                  .value == 1.0);
        CHECK(grade("for i in range(30000):\n    print('debug '+'x'*94)\nassert 1+1==2").value == 1.0);
        CHECK(grade("import sys\nfor i in range(15000):\n    print('w'*99,file=sys.stderr)\nassert True").value == 1.0);
        // The kernel's limit or, where its ticks miss some of the time, the watch over all processes: "in all its
        // processes".
        CHECK(grade("while True:\n    pass").explanation.starts_with("CPU time (more than 10 s"));
        CHECK(grade("assert 1==2").explanation.starts_with("AssertionError (line 1: assert 1==2)"));
    }

    TEST_CASE("an interruption while programs run is an error of the kind Stopped") {
        CodeGrader grader(short_limits(), 2);
        std::atomic<int> asked = 0;
        grader.keep_on_while([&asked] { return ++asked < 3; });
        grader.collecting()({.text = "import time\ntime.sleep(3)\n"});
        try {
            grader.run();
            FAIL("it ran to its end");
        } catch (const engine::EngineError& error) {
            CHECK(error.kind() == engine::EngineError::Kind::Stopped);
        }
    }
}
