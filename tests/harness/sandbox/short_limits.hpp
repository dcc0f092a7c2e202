#pragma once

#include <chrono>

#include "harness/sandbox/limits.hpp"

/// Limits that keep the tests from waiting.
inline harness::sandbox::Limits short_limits() {
    harness::sandbox::Limits limits;
    limits.cpu_seconds = 1;
    limits.wall = std::chrono::milliseconds(4000);
    return limits;
}
