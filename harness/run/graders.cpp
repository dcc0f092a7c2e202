#include "harness/run/graders.hpp"

#include "safety/refusal/grader.hpp"

namespace harness::run {

suites::Graders all_graders() {
    suites::Graders graders = suites::builtin_graders();
    safety::refusal::add_graders(graders);
    graders.add({.name = "python", .counters = {"forged_pass", "touches_interpreter"}, .runs_programs = true});
    return graders;
}

}  // namespace harness::run
