#pragma once

#include <cstdint>

namespace engine::base {

/// a / b rounded up: the number of groups of `b` items for `a` items. a + b - 1 must fit.
constexpr std::uint32_t ceil_div(std::uint32_t a, std::uint32_t b) {
    return (a + b - 1) / b;
}

}  // namespace engine::base
