#include "engine/shaders/kernels.hpp"

#include <array>

#include "engine/shaders/gpu/sources.hpp"

namespace engine::shaders {
namespace {

// The words come from the build: one array per compiled kernel.
#include "kernel_words.inc"

// clang-format off
#define BELLWETHER_MATMUL(type) \
    KernelSource{"matmul_" #type, k_matmul_##type##_8, "TTB", sizeof(MatmulPush)}, \
    KernelSource{"matmul_" #type "_one", k_matmul_##type##_1, "TTB", sizeof(MatmulPush)}
#define BELLWETHER_INTEGER_MATMUL(type) \
    BELLWETHER_MATMUL(type), \
    KernelSource{"fast_" #type, k_fast_##type##_8, "TTB", sizeof(MatmulPush)}, \
    KernelSource{"fast_" #type "_one", k_fast_##type##_1, "TTB", sizeof(MatmulPush)}

const std::array<KernelSource, kKernelCount> kSources = {
    BELLWETHER_MATMUL(f32), BELLWETHER_MATMUL(f16), BELLWETHER_MATMUL(bf16),
    BELLWETHER_INTEGER_MATMUL(q8_0), BELLWETHER_INTEGER_MATMUL(q4_0), BELLWETHER_INTEGER_MATMUL(q4_1),
    BELLWETHER_INTEGER_MATMUL(q5_0), BELLWETHER_INTEGER_MATMUL(q5_1), BELLWETHER_INTEGER_MATMUL(q2_k),
    BELLWETHER_INTEGER_MATMUL(q3_k), BELLWETHER_INTEGER_MATMUL(q4_k), BELLWETHER_INTEGER_MATMUL(q5_k),
    BELLWETHER_INTEGER_MATMUL(q6_k), BELLWETHER_INTEGER_MATMUL(iq4_nl), BELLWETHER_INTEGER_MATMUL(iq4_xs),
    // clang-format on
    KernelSource{"matmul_f32_wide", k_matmul_f32_16, "TTB", sizeof(MatmulPush)},
    KernelSource{"quantise", k_quantise, "TB", sizeof(QuantisePush)},
    KernelSource{"rms_norm", k_rms_norm, "TTBB", sizeof(NormPush)},
    KernelSource{"rms_norm_8_bits", k_rms_norm_8_bits, "TTBB", sizeof(NormPush)},
    KernelSource{"rope", k_rope, "BBBBBB", sizeof(RopePush)},
    KernelSource{"attention", k_attention, "TTTBBB", sizeof(AttentionPush)},
    KernelSource{"attention_8_bits", k_attention_8_bits, "TTTBBB", sizeof(AttentionPush)},
    KernelSource{"attention_one", k_attention_one, "TTTBBB", sizeof(AttentionPush)},
    KernelSource{"attention_one_8_bits", k_attention_one_8_bits, "TTTBBB", sizeof(AttentionPush)},
    KernelSource{"silu_multiply", k_silu_multiply, "TB", sizeof(SiluPush)},
    KernelSource{"silu_multiply_8_bits", k_silu_multiply_8_bits, "TB", sizeof(SiluPush)},
    KernelSource{"logit_statistics", k_logit_statistics, "BB", sizeof(LogitsPush)},
    KernelSource{"gather", k_gather, "BBB", sizeof(LogitsPush)},
    KernelSource{"draw", k_draw, "TBBB", sizeof(LogitsPush)},
    KernelSource{"read_ceiling", k_read_ceiling, "TB", sizeof(CeilingPush)},
    KernelSource{"arithmetic_ceiling", k_arithmetic_ceiling, "B", sizeof(CeilingPush)},
};

}  // namespace

const KernelSource& source(Kernel kernel, const KernelFamily& family) {
    if (family.family == Family::Gpu) {
        if (const KernelSource* own = gpu_source(kernel, family.fast)) return *own;
    }
    return kSources.at(static_cast<std::size_t>(kernel));
}

}  // namespace engine::shaders
