#pragma once

#include <functional>
#include <span>
#include <vector>

#include "engine/formats/model_file.hpp"
#include "engine/language_model.hpp"
#include "engine/llama/memory_plan.hpp"
#include "engine/llama/network.hpp"
#include "engine/llama/weights.hpp"
#include "engine/shaders/plan.hpp"
#include "engine/shaders/recorder.hpp"

namespace engine::llama {

/// The network on one device, with weights, scratch memory and KV cache. A token's result depends only on its prefix.
class Forward final : public Network {
public:
    /// Throws EngineError (Input, Device) when the model does not fit, before anything is allocated. `before_loading`
    /// is called when the model fits, before its weights are loaded.
    Forward(
        const formats::ModelFile& file, const EngineOptions& options,
        const std::function<void()>& before_loading = [] {});

    const Hyperparameters& shape() const { return shape_; }
    const shaders::Device& device() const { return device_; }
    const MemoryUse& memory() const { return plan_.use; }
    /// Id of the arithmetic, see ModelCard::numerics.
    std::string numerics_id() const { return device_.kernels().numerics_id(numerics_); }
    std::uint64_t tokens_computed() const { return tokens_computed_; }

    std::uint32_t batch_tokens() const override { return plan_.batch_tokens; }
    std::uint32_t table_rows() const override { return plan_.table_rows; }
    std::uint32_t cache_rows() const override { return plan_.cache_rows; }
    void run(const Batch& batch) override;
    States run_tapped(const Batch& batch, const Tap& tap, std::span<const std::uint32_t> tokens) override;
    std::vector<TokenScore> score(std::span<const Target> targets) override;
    void logits(std::span<const std::uint32_t> tokens, const TakeRow& take) override;
    std::vector<RowStatistics> statistics(std::span<const std::uint32_t> tokens) override;
    std::vector<TokenId> draw(std::span<const Draw> draws) override;

private:
    /// Starts a forward pass: calls before_forward_ and queues the inputs. Throws EngineError (Stopped).
    void begin(const Batch& batch);
    void upload(const Batch& batch);
    /// Runs the queued commands. Throws EngineError (Device).
    void submit();
    /// Queues the network's blocks `first` to `end` - 1.
    void blocks(std::size_t first, std::size_t end, std::uint32_t tokens);
    /// Runs the queued commands and reads the states of `tokens`; the batch has `batch_tokens` tokens.
    States read_states(FinalNorm norm, std::span<const std::uint32_t> tokens, std::uint32_t batch_tokens);
    /// The buffer from which a stack reads its activations: quantised_ when all its kernels read 8-bit activations of
    /// the software family, else `plain`.
    const vulkan::Buffer& activations(const Stack& reader, const vulkan::Buffer& plain) const;
    /// The variant of a kernel that stores its results in y: in 8 bits when y is quantised_, else in f32.
    shaders::Kernel storing(shaders::Kernel plain, const vulkan::Buffer& y) const;
    enum class Into { Empty, Sum };
    /// y[t] = stack x[t] + bias; Into::Sum adds the result to y[t] instead. `x`: the buffer that activations()
    /// returned.
    void multiply(const Stack& stack, const vulkan::Buffer& x, const vulkan::Buffer& y, std::uint32_t tokens,
                  std::uint32_t y_stride, Into into);
    void normalise(const vulkan::Buffer& weight, const vulkan::Buffer& rows, const vulkan::Buffer& y,
                   std::uint32_t count);
    void attend(std::size_t index, const vulkan::Buffer& y, std::uint32_t tokens);
    void layer(std::size_t index, std::uint32_t tokens);
    /// Computes the final norm and the logits of at most plan_.logit_rows tokens into logits_.
    void compute_logits(std::span<const std::uint32_t> tokens);
    shaders::LogitsPush logits_push(std::size_t count) const;

    const formats::ModelFile& file_;
    Hyperparameters shape_;
    shaders::Device device_;
    Numerics numerics_;
    MemoryPlan plan_;
    std::function<bool(std::uint64_t)> before_forward_;
    std::uint64_t tokens_computed_ = 0;
    shaders::AttentionPlan attention_;  // of the current batch
    Weights weights_;
    std::vector<vulkan::Buffer> keys_;  // per layer
    std::vector<vulkan::Buffer> values_;
    // The shape of each is given by Scratch.
    vulkan::Buffer hidden_;
    vulkan::Buffer normed_;
    vulkan::Buffer quantised_;
    vulkan::Buffer qkv_;
    vulkan::Buffer q_rotated_;
    vulkan::Buffer attention_chunks_;
    vulkan::Buffer attended_;
    vulkan::Buffer gate_up_;
    vulkan::Buffer activated_;
    vulkan::Buffer tokens_;
    vulkan::Buffer row_tables_;
    vulkan::Buffer all_rows_;
    vulkan::Buffer wanted_rows_;
    vulkan::Buffer rope_table_;
    vulkan::Buffer logits_;
    vulkan::Buffer statistics_;
    vulkan::Buffer pairs_;
    vulkan::Buffer gathered_;
    vulkan::Buffer draws_;
    vulkan::Buffer drawn_;
    shaders::Recorder recorder_;
};

}  // namespace engine::llama
