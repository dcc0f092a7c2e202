#pragma once

#include <string>

#include "engine/devices.hpp"
#include "engine/language_model.hpp"

namespace engine::shaders {

/// Software: one subgroup per workgroup, loads from texel buffers, no workgroup memory. Gpu: several subgroups per
/// workgroup, tiles in workgroup memory, loads from storage buffers.
enum class Family { Software, Gpu };

/// Arithmetic of fast numerics.
enum class FastArithmetic {
    None,
    Pairs,           ///< 8-bit activations, two products in one 32-bit multiplication.
    Dot,             ///< 8-bit activations, integer dot products.
    MatrixKhr,       ///< f16 cooperative matrices, VK_KHR_cooperative_matrix.
    MatrixNv,        ///< f16 cooperative matrices, VK_NV_cooperative_matrix.
    MatrixEmulated,  ///< f16 matrices computed without matrix units; tests only.
};
constexpr bool is_matrix(FastArithmetic fast) {
    return fast >= FastArithmetic::MatrixKhr;
}

/// The kernels chosen for a device.
struct KernelFamily {
    Family family = Family::Software;
    FastArithmetic fast = FastArithmetic::Pairs;
    /// DeviceFeatures::broadcasts: smaller tiles of attention, since compilation takes longer.
    bool broadcasts = false;
    std::string reason;  ///< One line for people: the choice and why.

    /// Identifier of the arithmetic, stored with each run. Changes whenever a kernel's order of operations changes.
    std::string numerics_id(Numerics numerics) const;
};

/// Chooses kernels by the device's capabilities. Throws EngineError (Input) when the device cannot run `asked`.
KernelFamily choose_family(const DeviceInfo& device, Kernels asked);

/// Throws EngineError (Input) when `numerics` is Fast and the family has no fast arithmetic on this device.
void check_numerics(const KernelFamily& family, Numerics numerics);

}  // namespace engine::shaders
