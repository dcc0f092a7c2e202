#pragma once

#include <optional>
#include <span>

#include "engine/shaders/kernels.hpp"

namespace engine::shaders::gpu {

/// A kernel for GPUs. If `fast` is set, only for devices with that arithmetic.
struct Entry {
    Kernel kernel;
    std::optional<FastArithmetic> fast;
    vulkan::Program program;
};
std::span<const Entry> kernels();

/// The GPU family's program for a kernel; nullptr when it uses that of the software family.
const vulkan::Program* find_program(Kernel kernel, FastArithmetic fast);

}  // namespace engine::shaders::gpu
