#pragma once

#include "suites/grader.hpp"

namespace harness::run {

/// Every grader that a task file may name: those of suites and safety, and "python", which runs programs in the
/// sandbox; runs supply that one (Workers::code).
suites::Graders all_graders();

}  // namespace harness::run
