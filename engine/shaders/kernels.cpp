#include "engine/shaders/kernels.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "engine/shaders/gpu/kernels.hpp"

namespace engine::shaders {
namespace {

// The words come from the build: one array per compiled kernel.
#include "kernel_words.inc"

constexpr auto kSoftware = std::to_array<KernelEntry>({
    {Kernel::Quantise, {"quantise", k_quantise, "TB", sizeof(QuantisePush)}},
    {Kernel::RmsNorm, {"rms_norm", k_rms_norm, "TTBB", sizeof(NormPush)}},
    {Kernel::RmsNorm8Bits, {"rms_norm_8_bits", k_rms_norm_8_bits, "TTBB", sizeof(NormPush)}},
    {Kernel::Rope, {"rope", k_rope, "BBBBBB", sizeof(RopePush)}},
    {Kernel::Attention, {"attention", k_attention, "TTTBBB", sizeof(AttentionPush)}},
    {Kernel::Attention8Bits, {"attention_8_bits", k_attention_8_bits, "TTTBBB", sizeof(AttentionPush)}},
    {Kernel::AttentionOne, {"attention_one", k_attention_one, "TTTBBB", sizeof(AttentionPush)}},
    {Kernel::AttentionOne8Bits, {"attention_one_8_bits", k_attention_one_8_bits, "TTTBBB", sizeof(AttentionPush)}},
    {Kernel::SiluMultiply, {"silu_multiply", k_silu_multiply, "TB", sizeof(SiluPush)}},
    {Kernel::SiluMultiply8Bits, {"silu_multiply_8_bits", k_silu_multiply_8_bits, "TB", sizeof(SiluPush)}},
    {Kernel::AddBias, {"add_bias", k_add_bias, "BB", sizeof(BiasPush)}},
    {Kernel::LogitStatistics, {"logit_statistics", k_logit_statistics, "BB", sizeof(LogitsPush)}},
    {Kernel::Gather, {"gather", k_gather, "BBB", sizeof(LogitsPush)}},
    {Kernel::Draw, {"draw", k_draw, "TBBB", sizeof(LogitsPush)}},
    {Kernel::ReadCeiling, {"read_ceiling", k_read_ceiling, "TB", sizeof(CeilingPush)}},
    {Kernel::ArithmeticCeiling, {"arithmetic_ceiling", k_arithmetic_ceiling, "B", sizeof(CeilingPush)}},
});

constexpr vulkan::Program kNone = {};

}  // namespace

Kernel in_8_bits(Kernel plain) {
    switch (plain) {
        case Kernel::RmsNorm: return Kernel::RmsNorm8Bits;
        case Kernel::Attention: return Kernel::Attention8Bits;
        case Kernel::AttentionOne: return Kernel::AttentionOne8Bits;
        case Kernel::SiluMultiply: return Kernel::SiluMultiply8Bits;
        default: throw std::logic_error("a kernel that does not store in 8 bits");
    }
}

const vulkan::Program& program(Kernel kernel, const KernelFamily& family) {
    if (family.family == Family::Gpu) {
        // Kernels that move little data are the same in both families.
        if (const vulkan::Program* own = gpu::find_program(kernel, family.fast)) return *own;
    }
    const auto found = std::find_if(kSoftware.begin(), kSoftware.end(),
                                    [kernel](const KernelEntry& entry) { return entry.kernel == kernel; });
    return found == kSoftware.end() ? kNone : found->program;
}

std::span<const KernelEntry> software_kernels() {
    return kSoftware;
}

}  // namespace engine::shaders
