#pragma once

#include <optional>
#include <span>

#include "engine/shaders/kernels.hpp"

namespace engine::shaders::gpu {

/// A kernel for GPUs; where `fast` is given, for those with that arithmetic alone.
struct Entry {
    Kernel kernel;
    std::optional<FastArithmetic> fast;
    vulkan::Program program;
};
std::span<const Entry> kernels();

/// The family's own module for a kernel; null where it runs that of the software family.
const vulkan::Program* find_program(Kernel kernel, FastArithmetic fast);

}  // namespace engine::shaders::gpu
