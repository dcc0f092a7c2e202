#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "engine/shaders/device.hpp"

/// All kinds of kernels, for tests that apply to all of them.
namespace kernel_families {

inline std::string name(engine::Kernels kernels) {
    switch (kernels) {
        case engine::Kernels::Software: return "software";
        case engine::Kernels::Gpu: return "gpu";
        case engine::Kernels::GpuDot: return "gpu-dot";
        case engine::Kernels::GpuMatrix: return "gpu-matrix";
        default: return "auto";
    }
}

/// The kinds that the best device can run.
inline std::vector<engine::Kernels> runnable() {
    using engine::Kernels;
    std::vector<Kernels> found;
    for (const Kernels kernels : {Kernels::Software, Kernels::Gpu, Kernels::GpuDot, Kernels::GpuMatrix}) {
        try {
            const engine::shaders::Device device("", kernels);
            found.push_back(kernels);
        } catch (const engine::EngineError& error) {
            MESSAGE("skipped: ", error.what());
        }
    }
    return found;
}

/// For tests of large kernels for GPUs, which a software driver compiles for longer than it runs them: it does not
/// optimise. To be called before the process opens its first device.
inline void compile_without_optimising() {
    setenv("GALLIVM_PERF", "nopt", 0);
}

/// Calls `check(kernels)` for each runnable kind.
template <class Check>
void for_each(const Check& check) {
    for (const engine::Kernels kernels : runnable()) {
        INFO("kernels ", name(kernels));
        check(kernels);
    }
}

}  // namespace kernel_families
