#pragma once

#include "suites/grader.hpp"

namespace harness::run {

/// All graders that a task file may name: those of suites and safety, and "python", which runs programs in the sandbox
/// and is supplied by runs (Workers::code).
suites::Graders all_graders();

}  // namespace harness::run
