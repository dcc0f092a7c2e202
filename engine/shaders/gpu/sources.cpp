#include "engine/shaders/gpu/sources.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace engine::shaders {
namespace {

// The words come from the build: one array per compiled kernel.
#include "gpu_kernel_words.inc"

struct Entry {
    Kernel kernel;
    std::optional<FastArithmetic> fast;  // the arithmetic that it belongs to; none: to the family
    KernelSource source;
};

template <FastArithmetic fast>
constexpr bool kUsesSubgroups = fast != FastArithmetic::MatrixEmulated;

// clang-format off
#define BELLWETHER_MATMUL(Type, type) \
    Entry{Kernel::Matmul##Type, {}, {"gpu_matmul_" #type "_many", k_gpu_matmul_##type##_many, "BBB", sizeof(MatmulPush)}}, \
    Entry{Kernel::Matmul##Type##One, {}, {"gpu_matmul_" #type "_few", k_gpu_matmul_##type##_few, "BBB", sizeof(MatmulPush)}}
#define BELLWETHER_DOT(Type, type) \
    Entry{Kernel::Fast##Type, FastArithmetic::Dot, {"gpu_dot_" #type "_many", k_gpu_dot_##type##_many, "BBB", sizeof(MatmulPush)}}, \
    Entry{Kernel::Fast##Type##One, FastArithmetic::Dot, {"gpu_dot_" #type "_few", k_gpu_dot_##type##_few, "BBB", sizeof(MatmulPush)}}
#define BELLWETHER_MATRIX_BY(Type, type, Way, way) \
    Entry{Kernel::Matrix##Type, FastArithmetic::Matrix##Way, \
          {"gpu_matrix_" #type "_many_" #way, k_gpu_matrix_##type##_many_##way, "BBB", sizeof(MatmulPush), kUsesSubgroups<FastArithmetic::Matrix##Way>}}, \
    Entry{Kernel::Matrix##Type##Few, FastArithmetic::Matrix##Way, \
          {"gpu_matrix_" #type "_few_" #way, k_gpu_matrix_##type##_few_##way, "BBB", sizeof(MatmulPush), kUsesSubgroups<FastArithmetic::Matrix##Way>}}
#ifdef BELLWETHER_KHR_MATRIX
#define BELLWETHER_MATRIX(Type, type) BELLWETHER_MATRIX_BY(Type, type, Khr, khr), \
    BELLWETHER_MATRIX_BY(Type, type, Nv, nv), BELLWETHER_MATRIX_BY(Type, type, Emulated, emulated)
#else
#define BELLWETHER_MATRIX(Type, type) \
    BELLWETHER_MATRIX_BY(Type, type, Nv, nv), BELLWETHER_MATRIX_BY(Type, type, Emulated, emulated)
#endif
#define BELLWETHER_QUANTISED(Type, type) BELLWETHER_MATMUL(Type, type), BELLWETHER_DOT(Type, type), BELLWETHER_MATRIX(Type, type)

constexpr std::array kSources = {
    BELLWETHER_MATMUL(F32, f32), BELLWETHER_MATMUL(F16, f16), BELLWETHER_MATRIX(F16, f16), BELLWETHER_MATMUL(BF16, bf16),
    BELLWETHER_QUANTISED(Q8_0, q8_0), BELLWETHER_QUANTISED(Q4_0, q4_0), BELLWETHER_QUANTISED(Q4_1, q4_1),
    BELLWETHER_QUANTISED(Q5_0, q5_0), BELLWETHER_QUANTISED(Q5_1, q5_1), BELLWETHER_QUANTISED(Q2_K, q2_k),
    BELLWETHER_QUANTISED(Q3_K, q3_k), BELLWETHER_QUANTISED(Q4_K, q4_k), BELLWETHER_QUANTISED(Q5_K, q5_k),
    BELLWETHER_QUANTISED(Q6_K, q6_k), BELLWETHER_QUANTISED(IQ4_NL, iq4_nl), BELLWETHER_QUANTISED(IQ4_XS, iq4_xs),
    // clang-format on
    Entry{Kernel::Quantise, FastArithmetic::Dot, {"gpu_quantise", k_gpu_quantise, "BB", sizeof(QuantisePush)}},
    Entry{Kernel::RmsNorm, {}, {"gpu_rms_norm", k_gpu_rms_norm, "BBBB", sizeof(NormPush)}},
    Entry{Kernel::Attention, {}, {"gpu_attention", k_gpu_attention, "BBBBBB", sizeof(AttentionPush)}},
    Entry{Kernel::AttentionSplit, {}, {"gpu_attention_split", k_gpu_attention_split, "BBBBBB", sizeof(AttentionPush)}},
    Entry{
        Kernel::AttentionCombine, {}, {"gpu_attention_combine", k_gpu_attention_combine, "BBB", sizeof(AttentionPush)}},
    Entry{Kernel::SiluMultiply, {}, {"gpu_silu_multiply", k_gpu_silu_multiply, "BB", sizeof(SiluPush)}},
    Entry{Kernel::LogitStatistics, {}, {"gpu_logit_statistics", k_gpu_logit_statistics, "BB", sizeof(LogitsPush)}},
    Entry{Kernel::Draw, {}, {"gpu_draw", k_gpu_draw, "BBBB", sizeof(LogitsPush)}},
    Entry{Kernel::ReadCeiling, {}, {"gpu_read_ceiling", k_gpu_read_ceiling, "BB", sizeof(CeilingPush)}},
    Entry{Kernel::MatrixCeiling,
          FastArithmetic::MatrixNv,
          {"gpu_matrix_ceiling_nv", k_gpu_matrix_ceiling_nv, "BBB", sizeof(MatmulPush), true}},
#ifdef BELLWETHER_KHR_MATRIX
    Entry{Kernel::MatrixCeiling,
          FastArithmetic::MatrixKhr,
          {"gpu_matrix_ceiling_khr", k_gpu_matrix_ceiling_khr, "BBB", sizeof(MatmulPush), true}},
#endif
    Entry{
        Kernel::ArithmeticCeiling, {}, {"gpu_arithmetic_ceiling", k_gpu_arithmetic_ceiling, "B", sizeof(CeilingPush)}},
};

}  // namespace

const KernelSource* gpu_source(Kernel kernel, FastArithmetic fast) {
    const auto found = std::find_if(kSources.begin(), kSources.end(), [&](const Entry& entry) {
        return entry.kernel == kernel && entry.fast.value_or(fast) == fast;
    });
    return found == kSources.end() ? nullptr : &found->source;
}

}  // namespace engine::shaders
