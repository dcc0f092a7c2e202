#include "engine/llama/memory_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace engine::llama {
namespace {

using vulkan::Texels;

constexpr std::uint32_t kTile = shaders::kTokensWide;  // kernels process whole tiles of tokens
// Weights are read once per batch, however many tokens it has.
constexpr std::uint32_t kDefaultBatch = 512;
constexpr std::uint32_t kSmallestDefaultBatch = 64;  // smaller batches read the matrices too often
constexpr std::uint32_t kLargestBatch = 4096;
// 4 MiB. Larger batches of long sequences are cut into several.
constexpr std::uint64_t kMaxTableRows = 1ULL << 20;
// Bounds the memory of logits; larger requests are answered in several parts.
constexpr std::uint64_t kLogitBytes = 32ULL << 20;
constexpr std::uint64_t kUsefulContexts = 4;  // more whole contexts in the KV cache are hardly ever shared
// What a KV cache may always take: small models then generate for many sequences at once.
constexpr std::uint64_t kSmallCacheBytes = 64ULL << 20;

class MemoryPlanner {
public:
    MemoryPlanner(const formats::ModelFile& file, const Hyperparameters& shape, const EngineOptions& options,
                  const DeviceInfo& device, const shaders::KernelFamily& family)
        : file_(file), shape_(shape), options_(options), device_(device), family_(family) {}

    MemoryPlan plan(const WeightsPlan& weights, std::uint32_t batch) {
        plan_ = {};
        plan_.weights = weights;
        plan_.batch_tokens = std::min(batch, widest_batch());
        choose_rows();
        list_scratch();
        MemoryUse& use = plan_.use;
        use.device = device_.name;
        use.context = shape_.context;
        use.batch_tokens = plan_.batch_tokens;
        use.weight_bytes = weights.bytes();
        use.logit_bytes = plan_.of(Scratch::Logits).bytes;
        for (const BufferPlan& buffer : plan_.scratch) use.scratch_bytes += buffer.bytes;
        use.scratch_bytes -= use.logit_bytes;
        use.available_bytes = device_.available_bytes;
        use.limit_is_asked = options_.memory_bytes != 0;
        // Leaves 1/16 for the driver and other processes. A device that does not report its free memory has no limit.
        const std::uint64_t usable =
            device_.available_bytes == 0 ? ~0ULL : device_.available_bytes - device_.available_bytes / 16;
        use.limit_bytes = use.limit_is_asked ? std::min(options_.memory_bytes, usable) : usable;
        choose_cache();
        refuse_what_does_not_fit();
        return plan_;
    }

private:
    std::uint64_t cache_row_bytes() const { return std::uint64_t{shape_.kv_heads} * head_units(shape_) * 16; }
    /// One context and one batch, since the rows of a batch are released only after it has run.
    std::uint64_t least_rows() const { return std::uint64_t{shape_.context} + plan_.batch_tokens; }
    std::uint64_t stride() const { return plan_.weights.layers.front().gate_up.stride; }
    std::uint64_t qkv_stride() const { return plan_.weights.layers.front().qkv.stride; }

    /// Maximum number of tokens whose widest activations fit one binding.
    std::uint32_t widest_batch() const {
        const std::uint64_t widest = std::max({stride() * 4, qkv_stride() * 4, vector_bytes(shape_.dim),
                                               std::uint64_t{shape_.heads} * head_units(shape_) * 16});
        return static_cast<std::uint32_t>(
            std::clamp<std::uint64_t>(device_.max_buffer_range / widest / kTile * kTile, kTile, kLargestBatch));
    }

    void choose_rows() {
        const std::uint64_t wanted =
            std::min<std::uint64_t>(std::uint64_t{plan_.batch_tokens} * shape_.context, kMaxTableRows);
        plan_.table_rows = static_cast<std::uint32_t>(std::max(wanted, least_rows()));
        // Whole tiles, since kernels write all rows of a tile.
        plan_.logit_rows = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(
            kLogitBytes / (4ULL * logit_stride(shape_)) / kTile * kTile, kTile, plan_.batch_tokens));
    }

    void set(Scratch part, std::uint64_t bytes, Texels texels) {
        plan_.scratch.at(static_cast<std::size_t>(part)) = {vulkan::Buffer::rounded(bytes), texels};
    }

    void list_scratch() {
        const std::uint64_t batch = plan_.batch_tokens;
        const std::uint64_t dim = vector_bytes(shape_.dim);
        const std::uint64_t ffn = vector_bytes(shape_.ffn);
        set(Scratch::Hidden, batch * dim, Texels::Float4);
        set(Scratch::Normed, batch * dim, Texels::Float4);
        // Not used by exact numerics, but a buffer cannot be empty.
        set(Scratch::Quantised, options_.numerics == Numerics::Fast ? batch * std::max(dim, ffn) / 128 * 80 : 16,
            Texels::Uint4);
        set(Scratch::Qkv, batch * qkv_stride() * 4, Texels::None);
        set(Scratch::QRotated, batch * shape_.heads * head_units(shape_) * 16, Texels::Float4);
        set(Scratch::AttentionChunks,
            std::max<std::uint64_t>(16,
                                    shaders::attention_scratch_bytes(family_, attention_shape(shape_), shape_.context)),
            Texels::None);
        set(Scratch::Attended, batch * dim, Texels::Float4);
        set(Scratch::GateUp, batch * stride() * 4, Texels::Float4);
        set(Scratch::Activated, batch * ffn, Texels::Float4);
        set(Scratch::Tokens, batch * 16, Texels::None);
        set(Scratch::RowTables, std::uint64_t{plan_.table_rows} * 4, Texels::None);
        set(Scratch::AllRows, batch * 4, Texels::None);
        set(Scratch::WantedRows, batch * 4, Texels::None);
        set(Scratch::RopeTable, std::uint64_t{shape_.context} * shape_.head_dim * 4, Texels::None);
        set(Scratch::Logits, std::uint64_t{plan_.logit_rows} * logit_stride(shape_) * 4, Texels::Float4);
        set(Scratch::Statistics, std::uint64_t{plan_.logit_rows} * 16, Texels::None);
        set(Scratch::Pairs, std::uint64_t{kMaxPairs} * 8, Texels::None);
        set(Scratch::Gathered, std::uint64_t{kMaxPairs} * 4, Texels::None);
        set(Scratch::Draws, std::uint64_t{kMaxDraws} * sizeof(shaders::DrawRequest), Texels::None);
        set(Scratch::Drawn, std::uint64_t{kMaxDraws} * 4, Texels::None);
    }

    void choose_cache() {
        MemoryUse& use = plan_.use;
        use.cache_bytes_per_token = std::uint64_t{2} * shape_.layers * cache_row_bytes();
        const std::uint64_t others = use.weight_bytes + use.scratch_bytes + use.logit_bytes;
        // Not negative; a model that does not fit is rejected below.
        std::uint64_t room = use.limit_bytes - std::min(use.limit_bytes, others);
        // Half of the rest stays free for other processes.
        if (!use.limit_is_asked) room = device_.available_bytes == 0 ? 0 : room / 2;
        const std::uint64_t sequences = std::uint64_t{plan_.batch_tokens} * shape_.context;
        const std::uint64_t useful =
            std::max(kUsefulContexts * least_rows(), std::min(kSmallCacheBytes / use.cache_bytes_per_token, sequences));
        const std::uint64_t most = std::min(useful, device_.max_buffer_range / cache_row_bytes());
        const std::uint64_t rows = std::max(least_rows(), std::min(room / use.cache_bytes_per_token, most));
        plan_.cache_rows = static_cast<std::uint32_t>(rows);
        plan_.cache_layer = {rows * cache_row_bytes(), Texels::Float4};
        use.cache_tokens = plan_.cache_rows;
        use.cache_bytes = rows * use.cache_bytes_per_token;
        use.total_bytes = others + use.cache_bytes;
    }

    void refuse_what_does_not_fit() {
        const MemoryUse& use = plan_.use;
        const std::uint64_t piece = largest_piece();
        if (const MatrixPlan& matrix = plan_.weights.largest(); matrix.bytes > piece) {
            refuse(
                fmt::format("{} needs {} bytes in one allocation, {} allows {}: use a file with a smaller quantisation",
                            matrix.tensors.front()->name, matrix.bytes, device_.name, piece));
            return;
        }
        // Kernels write the KV cache through storage buffers.
        const std::uint64_t binding = std::min(device_.max_buffer_range, largest_piece());
        if (plan_.cache_layer.bytes > binding) {
            const std::uint64_t tokens = binding / cache_row_bytes();
            refuse(fmt::format(
                "the KV cache of {} tokens needs {} bytes per layer in one binding, {} allows {}: --context "
                "{} fits",
                plan_.cache_rows, plan_.cache_layer.bytes, device_.name, binding,
                tokens - std::min<std::uint64_t>(tokens, plan_.batch_tokens)));
            return;
        }
        for (const BufferPlan& buffer : plan_.scratch) {
            if (buffer.bytes <= binding) continue;
            refuse(
                fmt::format("activations or tables need {} bytes in one binding, {} allows {}: --context N and "
                            "--batch N make them smaller",
                            buffer.bytes, device_.name, binding));
            return;
        }
        if (use.total_bytes > use.limit_bytes) {
            refuse(fmt::format("{}: {}", parts(), advice()),
                   asked_too_little() ? EngineError::Kind::Input : EngineError::Kind::Device);
        }
    }

    /// Maximum bytes of a buffer that kernels only read.
    std::uint64_t largest_piece() const {
        const std::uint64_t readable =
            family_.family == shaders::Family::Gpu ? device_.max_buffer_range : device_.max_texel_elements * 16;
        return std::min(device_.max_allocation_bytes, readable);
    }

    void refuse(const std::string& why, EngineError::Kind kind = EngineError::Kind::Device) {
        plan_.refusal_kind = kind;
        plan_.use.refusal = file_.path() + ": " + why;
    }

    /// Whether the limit is --memory and not the device.
    bool asked_too_little() const { return plan_.use.limit_is_asked && plan_.use.limit_bytes == options_.memory_bytes; }

    std::string parts() const {
        const MemoryUse& use = plan_.use;
        const std::string limit = asked_too_little() ? fmt::format("--memory allows {}", use.limit_bytes)
                                                     : fmt::format("{} has {} free, of which {} may be used",
                                                                   device_.name, use.available_bytes, use.limit_bytes);
        return fmt::format(
            "the model needs {} bytes (weights {}, KV cache {} for {} tokens, activations {}, logits {}), {}",
            use.total_bytes, use.weight_bytes, use.cache_bytes, use.cache_tokens, use.scratch_bytes, use.logit_bytes,
            limit);
    }

    std::string advice() const {
        const MemoryUse& use = plan_.use;
        const std::uint64_t others = use.total_bytes - use.cache_bytes;
        const std::uint64_t room = use.limit_bytes - std::min(use.limit_bytes, others);
        const std::uint64_t tokens = room / use.cache_bytes_per_token;
        if (tokens > plan_.batch_tokens) return fmt::format("--context {} fits", tokens - plan_.batch_tokens);
        if (use.weight_bytes < use.limit_bytes)
            return "a smaller --context N or --batch N reduces everything except the weights";
        return "the weights alone are too large: use a file with a smaller quantisation";
    }

    const formats::ModelFile& file_;
    const Hyperparameters& shape_;
    const EngineOptions& options_;
    const DeviceInfo& device_;
    const shaders::KernelFamily& family_;
    MemoryPlan plan_;
};

}  // namespace

void MemoryPlan::check() const {
    if (!use.refusal.empty()) throw EngineError(refusal_kind, use.refusal);
}

MemoryPlan plan_memory(const formats::ModelFile& file, const Hyperparameters& shape, const EngineOptions& options,
                       const DeviceInfo& device, const shaders::KernelFamily& family) {
    const WeightsPlan weights = plan_weights(file, shape, device.subgroup_size, options.head);
    MemoryPlanner planner(file, shape, options, device, family);
    if (options.batch_tokens != 0)
        return planner.plan(weights, (std::min(options.batch_tokens, kLargestBatch) + kTile - 1) / kTile * kTile);
    MemoryPlan plan = planner.plan(weights, kDefaultBatch);
    // Smaller batches need less scratch memory and fewer cache rows.
    for (std::uint32_t batch = kDefaultBatch / 2; !plan.use.refusal.empty() && batch >= kSmallestDefaultBatch;
         batch /= 2)
        plan = planner.plan(weights, batch);
    return plan;
}

}  // namespace engine::llama
