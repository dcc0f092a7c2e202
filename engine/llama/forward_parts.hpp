#pragma once

#include <cstdint>

namespace engine::llama {

/// a / b rounded up: the number of workgroups of `b` items for `a` items.
inline std::uint32_t ceil_div(std::uint32_t a, std::uint32_t b) {
    return (a + b - 1) / b;
}

/// Throws EngineError (Device) with the message that the network gave infinity or NaN.
[[noreturn]] void fail_for_numbers();

}  // namespace engine::llama
