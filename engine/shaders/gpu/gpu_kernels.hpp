#pragma once

#include <optional>
#include <span>

#include "engine/shaders/kernels.hpp"

namespace engine::shaders {

/// A kernel for GPUs; where `fast` is given, for those with that arithmetic alone.
struct GpuKernelEntry {
    Kernel kernel;
    std::optional<FastArithmetic> fast;
    vulkan::Program program;
};
std::span<const GpuKernelEntry> gpu_kernels();

/// The family's own module for a kernel; null where it runs that of the software family.
const vulkan::Program* gpu_program(Kernel kernel, FastArithmetic fast);

}  // namespace engine::shaders
