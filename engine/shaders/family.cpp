#include "engine/shaders/family.hpp"

#include <fmt/format.h>

#include "engine/shaders/kernels.hpp"

namespace engine::shaders {
namespace {

// Workgroup memory of the largest tiles; Vulkan only guarantees 16384. [bytes]
constexpr std::uint32_t kWorkgroupMemory = 32768;

/// Why the kernels for GPUs cannot run; empty when they can.
std::string obstacle(const DeviceInfo& device) {
    const DeviceFeatures& features = device.features;
    if (features.largest_workgroup < kGpuThreads) {
        return fmt::format("workgroups have {} invocations, {} are needed", features.largest_workgroup, kGpuThreads);
    }
    if (features.workgroup_memory_bytes < kWorkgroupMemory) {
        return fmt::format("workgroups have {} bytes of memory, {} are needed", features.workgroup_memory_bytes,
                           kWorkgroupMemory);
    }
    return "";
}

/// Whether the device allows workgroups of the kernels for matrix units.
bool fits_matrix_workgroups(const DeviceInfo& device) {
    return device.features.float16 && device.subgroup_size * kMatrixSubgroups <= device.features.largest_workgroup;
}

/// Cooperative matrices belong to a subgroup, so the kernel must know the subgroup size.
FastArithmetic matrix_arithmetic(const DeviceInfo& device) {
    const DeviceFeatures& features = device.features;
    const bool size_known = !features.subgroup_size_varies || features.subgroup_size_can_be_required;
    if (!size_known || !fits_matrix_workgroups(device)) return FastArithmetic::None;
    if (features.matrix_extension == "VK_KHR_cooperative_matrix") return FastArithmetic::MatrixKhr;
    if (features.matrix_extension == "VK_NV_cooperative_matrix") return FastArithmetic::MatrixNv;
    return FastArithmetic::None;
}

const char* words(FastArithmetic fast) {
    switch (fast) {
        case FastArithmetic::None: return "none, as neither matrix units nor fast integer dot products are reported";
        case FastArithmetic::Pairs: return "8-bit activations, two products in one multiplication";
        case FastArithmetic::Dot: return "8-bit activations, integer dot products";
        case FastArithmetic::MatrixKhr: return "16-bit matrix units (VK_KHR_cooperative_matrix)";
        case FastArithmetic::MatrixNv: return "16-bit matrix units (VK_NV_cooperative_matrix)";
        case FastArithmetic::MatrixEmulated: return "16-bit matrices without matrix units, for tests";
    }
    return "";
}

[[noreturn]] void refuse(const DeviceInfo& device, const std::string& why) {
    throw EngineError(EngineError::Kind::Input,
                      fmt::format("{} cannot run the kernels that --kernels asks for: {}", device.name, why));
}

KernelFamily made(Family family, FastArithmetic fast, const std::string& why) {
    return {family, fast, false,
            fmt::format("{} ({}); exact: f32; fast: {}", family == Family::Gpu ? "gpu" : "software", why, words(fast))};
}

}  // namespace

std::string KernelFamily::numerics_id(Numerics numerics) const {
    if (numerics == Numerics::Exact) return family == Family::Gpu ? "exact-gpu-2" : "exact-4";
    switch (fast) {
        case FastArithmetic::Dot: return "fast-dot-2";
        case FastArithmetic::MatrixKhr:
        case FastArithmetic::MatrixNv: return "fast-matrix-2";
        case FastArithmetic::MatrixEmulated: return "fast-matrix-emulated-1";
        default: return "fast-3";
    }
}

namespace {

KernelFamily choose(const DeviceInfo& device, Kernels asked) {
    const std::string hindered = obstacle(device);
    if (asked == Kernels::Software) return made(Family::Software, FastArithmetic::Pairs, "asked for");
    // The software family runs on every usable device, so that Automatic never fails.
    if (asked == Kernels::Automatic) {
        if (device.type == "CPU") return made(Family::Software, FastArithmetic::Pairs, "the device is a CPU");
        if (!hindered.empty()) return made(Family::Software, FastArithmetic::Pairs, hindered);
    }
    if (!hindered.empty()) refuse(device, hindered);
    const std::string why = asked == Kernels::Automatic ? "the device is a " + device.type : "asked for";
    FastArithmetic fast = matrix_arithmetic(device);
    if (asked == Kernels::GpuDot) {
        if (!device.features.integer_dot) refuse(device, "it has no integer dot products");
        fast = FastArithmetic::Dot;
    } else if (asked == Kernels::GpuMatrix) {
        if (fast == FastArithmetic::None) {
            if (!fits_matrix_workgroups(device))
                refuse(device, "it has no f16 arithmetic, or its workgroups are too small");
            fast = FastArithmetic::MatrixEmulated;
        }
    } else if (fast == FastArithmetic::None && device.features.fast_integer_dot) {
        fast = FastArithmetic::Dot;
    }
    return made(Family::Gpu, fast, why);
}

}  // namespace

KernelFamily choose_family(const DeviceInfo& device, Kernels asked) {
    KernelFamily chosen = choose(device, asked);
    chosen.broadcasts = device.features.broadcasts;
    return chosen;
}

void check_numerics(const KernelFamily& family, Numerics numerics) {
    if (numerics == Numerics::Fast && family.fast == FastArithmetic::None) {
        throw EngineError(EngineError::Kind::Input,
                          "this device has no fast numerics: it reports neither matrix units for f16 nor fast "
                          "integer dot products. --numerics exact works");
    }
}

}  // namespace engine::shaders
