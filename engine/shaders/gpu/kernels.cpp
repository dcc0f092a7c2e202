#include "engine/shaders/gpu/kernels.hpp"

#include <algorithm>
#include <array>

namespace engine::shaders::gpu {
namespace {

// The words come from the build: one array per compiled kernel.
#include "gpu_kernel_words.inc"

constexpr auto kKernels = std::to_array<Entry>({
    {Kernel::Quantise, FastArithmetic::Dot, {"gpu_quantise", k_gpu_quantise, "BB", sizeof(QuantisePush)}},
    {Kernel::RmsNorm, {}, {"gpu_rms_norm", k_gpu_rms_norm, "BBBB", sizeof(NormPush)}},
    {Kernel::Attention, {}, {"gpu_attention", k_gpu_attention, "BBBBBB", sizeof(AttentionPush)}},
    {Kernel::AttentionSplit, {}, {"gpu_attention_split", k_gpu_attention_split, "BBBBBB", sizeof(AttentionPush)}},
    {Kernel::AttentionCombine, {}, {"gpu_attention_combine", k_gpu_attention_combine, "BBB", sizeof(AttentionPush)}},
    {Kernel::SiluMultiply, {}, {"gpu_silu_multiply", k_gpu_silu_multiply, "BB", sizeof(SiluPush)}},
    {Kernel::LogitStatistics, {}, {"gpu_logit_statistics", k_gpu_logit_statistics, "BB", sizeof(LogitsPush)}},
    {Kernel::Draw, {}, {"gpu_draw", k_gpu_draw, "BBBB", sizeof(LogitsPush)}},
    {Kernel::ReadCeiling, {}, {"gpu_read_ceiling", k_gpu_read_ceiling, "BB", sizeof(CeilingPush)}},
    {Kernel::MatrixCeiling,
     FastArithmetic::MatrixNv,
     {"gpu_matrix_ceiling_nv", k_gpu_matrix_ceiling_nv, "BBB", sizeof(MatmulPush), true}},
#ifdef BELLWETHER_KHR_MATRIX
    {Kernel::MatrixCeiling,
     FastArithmetic::MatrixKhr,
     {"gpu_matrix_ceiling_khr", k_gpu_matrix_ceiling_khr, "BBB", sizeof(MatmulPush), true}},
#endif
    {Kernel::ArithmeticCeiling, {}, {"gpu_arithmetic_ceiling", k_gpu_arithmetic_ceiling, "B", sizeof(CeilingPush)}},
});

}  // namespace

std::span<const Entry> kernels() {
    return kKernels;
}

const vulkan::Program* find_program(Kernel kernel, FastArithmetic fast) {
    const auto found = std::find_if(kKernels.begin(), kKernels.end(), [&](const Entry& entry) {
        return entry.kernel == kernel && entry.fast.value_or(fast) == fast;
    });
    return found == kKernels.end() ? nullptr : &found->program;
}

}  // namespace engine::shaders::gpu
