#pragma once

#include <array>
#include <cstdint>

#include "engine/devices.hpp"
#include "engine/llama/weights_plan.hpp"
#include "engine/memory_use.hpp"
#include "engine/shaders/family.hpp"
#include "engine/shaders/plan.hpp"
#include "engine/vulkan/buffer.hpp"

namespace engine::llama {

/// Buffers of Forward other than the weights and the KV cache.
enum class Scratch : std::size_t {
    Hidden,           ///< [batch, padded dim]
    Normed,           ///< [batch, padded dim]
    Quantised,        ///< [batch, blocks * 5] units, see eight_bits.glsl, gpu/quantise.comp
    Qkv,              ///< [batch, stride]
    QRotated,         ///< [batch, heads, head units] vec4
    AttentionChunks,  ///< results of AttentionSplit
    Attended,         ///< [batch, padded dim]
    GateUp,           ///< [batch, stride]
    Activated,        ///< [batch, padded ffn]
    Tokens,           ///< [batch] TokenPlace
    RowTables,        ///< [table rows]
    AllRows,          ///< [batch] 0, 1, 2 ...
    WantedRows,       ///< [batch]
    RopeTable,        ///< [context, head_dim / 2] vec2
    Logits,           ///< [logit rows, logit stride]
    Statistics,       ///< [logit rows] vec4
    Pairs,            ///< [kMaxPairs] uvec2
    Gathered,         ///< [kMaxPairs]
    Draws,            ///< [kMaxDraws] DrawRequest
    Drawn,            ///< [kMaxDraws] ids
};
inline constexpr std::size_t kScratchCount = static_cast<std::size_t>(Scratch::Drawn) + 1;
inline constexpr std::uint32_t kMaxPairs = 4096;  ///< max logits gathered at once
inline constexpr std::uint32_t kMaxDraws = 1024;  ///< max tokens sampled at once

struct BufferPlan {
    std::uint64_t bytes = 0;
    vulkan::Texels texels = vulkan::Texels::None;
};

/// All device memory of a model. Forward allocates exactly this.
struct MemoryPlan {
    std::uint32_t batch_tokens = 0;  ///< A multiple of 8.
    std::uint32_t table_rows = 0;
    std::uint32_t cache_rows = 0;
    std::uint32_t logit_rows = 0;
    WeightsPlan weights;
    BufferPlan cache_layer;  ///< the keys (or the values) of one layer: [cache rows, kv_heads, head units] vec4
    std::array<BufferPlan, kScratchCount> scratch;
    MemoryUse use;
    EngineError::Kind refusal_kind = EngineError::Kind::Device;

    const BufferPlan& of(Scratch part) const { return scratch.at(static_cast<std::size_t>(part)); }
    /// Throws EngineError when the model does not fit: (Input) for a limit set by the user, (Device) for a limit of the
    /// device.
    void check() const;
};

/// Floats from one row of logits to the next, a multiple of 4.
constexpr std::uint32_t logit_stride(const Hyperparameters& shape) {
    return (shape.vocab + 3) / 4 * 4;
}
/// Number of vec4 of a head, rounded up.
constexpr std::uint32_t head_units(const Hyperparameters& shape) {
    return (shape.head_dim + 3) / 4;
}
constexpr shaders::AttentionShape attention_shape(const Hyperparameters& shape) {
    return {.heads = shape.heads, .kv_heads = shape.kv_heads, .head_units = head_units(shape)};
}

/// The KV cache gets the memory left by weights and scratch: all of it if the user set a limit, else half of it; at
/// most four whole contexts and batches, or, if that is more, 64 MiB. When one context and a batch do not fit, batches
/// become smaller unless the user set their size. Throws EngineError (Input) for a missing tensor or a wrong shape;
/// other problems are reported in `use.refusal`.
MemoryPlan plan_memory(const formats::ModelFile& file, const Hyperparameters& shape, const EngineOptions& options,
                       const DeviceInfo& device, const shaders::KernelFamily& family);

}  // namespace engine::llama
