#pragma once

#include <cstdint>

namespace engine::llama {

/// Workgroups of `b` items that hold `a` items.
inline std::uint32_t ceil_div(std::uint32_t a, std::uint32_t b) {
    return (a + b - 1) / b;
}

/// Throws EngineError (Device): the network gave infinite numbers or NaN.
[[noreturn]] void fail_for_numbers();

}  // namespace engine::llama
