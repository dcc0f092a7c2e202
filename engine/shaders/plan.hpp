#pragma once

#include "engine/shaders/kernels.hpp"
#include "engine/shaders/matmul_kernels.hpp"

namespace engine::shaders {

/// Workgroups of a dispatch.
struct Grid {
    std::uint32_t x = 1;
    std::uint32_t y = 1;
};

/// Weights to be multiplied with the activations of some tokens.
struct MatmulShape {
    formats::TensorType type = formats::TensorType::F32;
    std::uint32_t tokens = 1;
    std::uint32_t rows = 0;   ///< Including padding; a multiple of lanes * kRowGroupsMany.
    std::uint32_t lanes = 0;  ///< Subgroup size.
};

struct MatmulPlan {
    const vulkan::Program* program = nullptr;
    bool reads_8_bits = false;  ///< The activations are in the format of Kernel::Quantise.
    Grid grid;
};

/// Chooses the kernel and grid. Results have the same bits for every number of tokens.
MatmulPlan plan_matmul(const KernelFamily& family, Numerics numerics, const MatmulShape& shape);

struct AttentionShape {
    std::uint32_t heads = 1;
    std::uint32_t kv_heads = 1;
    std::uint32_t head_units = 1;  ///< number of vec4 of a head, rounded up
};

/// A token of a batch as the kernels read it.
struct TokenPlace {
    std::uint32_t position = 0;
    std::uint32_t row = 0;    ///< Row in the KV cache.
    std::uint32_t table = 0;  ///< Start of the table of its prefix's cache rows.
    std::uint32_t tile = 0;   ///< Tile whose number is the token's index, see push.h; set by plan_attention().
};

struct AttentionPlan {
    Kernel kernel = Kernel::Attention;
    std::uint32_t tile_tokens = 1;  ///< for AttentionPush
    std::uint32_t tile_heads = 1;
    /// More than 1: `kernel` is AttentionSplit, writes into scratch memory (attention_scratch_bytes()), and is followed
    /// by AttentionCombine with heads x tokens workgroups. 1: only `kernel`.
    std::uint32_t chunks = 1;
    Grid grid;
};

/// Divides the attention of a batch into workgroups; neighbouring tokens with the same table read the cache together.
/// Results have the same bits whatever else is in the batch.
AttentionPlan plan_attention(const KernelFamily& family, const AttentionShape& shape, std::span<TokenPlace> tokens);

/// Maximum scratch memory of split attention for tokens of up to `context` positions; 0: the family never splits.
std::size_t attention_scratch_bytes(const KernelFamily& family, const AttentionShape& shape, std::uint32_t context);

/// Invocations of a workgroup of the ceiling kernels.
std::uint32_t ceiling_width(const KernelFamily& family, std::uint32_t lanes);

/// Whether the family can sample from `vocab` logits: software devices abort loops of too many iterations.
bool can_draw(const KernelFamily& family, std::uint32_t vocab, std::uint32_t lanes);

}  // namespace engine::shaders
