#include "engine/llama/forward.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <numeric>

#include "engine/base/ceil_div.hpp"
#include "engine/llama/forward_parts.hpp"
#include "engine/llama/rope_table.hpp"

namespace engine::llama {
namespace {

using base::ceil_div;
using shaders::Kernel;
using vulkan::Buffer;
using vulkan::Texels;

/// Returns `numerics`; throws EngineError (Input) when the kernels do not have them.
Numerics checked(Numerics numerics, const shaders::KernelFamily& kernels) {
    shaders::check_numerics(kernels, numerics);
    return numerics;
}

/// Returns the plan; throws EngineError when the model does not fit.
MemoryPlan checked(MemoryPlan plan, const std::function<void()>& before_loading) {
    plan.check();
    before_loading();
    return plan;
}

Buffer allocate(const vulkan::Device& device, const BufferPlan& plan) {
    // Zeros, because kernels read whole tiles beyond the last token.
    return {device, plan.bytes, plan.texels, vulkan::Contents::Zeros, vulkan::Home::Device};
}

std::vector<Buffer> allocate(const vulkan::Device& device, const BufferPlan& plan, std::uint32_t count) {
    std::vector<Buffer> buffers;
    for (std::uint32_t i = 0; i < count; ++i) buffers.push_back(allocate(device, plan));
    return buffers;
}

}  // namespace

Forward::Forward(const formats::ModelFile& file, const EngineOptions& options,
                 const std::function<void()>& before_loading)
    : file_(file),
      shape_(file.hyperparameters(options.context)),
      device_(options.device, options.kernels, options.transfers),
      numerics_(checked(options.numerics, device_.kernels())),
      plan_(checked(plan_memory(file, shape_, options, device_.info(), device_.kernels()), before_loading)),
      before_forward_(options.before_forward),
      weights_(Weights::load(device_, file, plan_.weights, options.weights_cache)),
      keys_(allocate(device_, plan_.cache_layer, shape_.layers)),
      values_(allocate(device_, plan_.cache_layer, shape_.layers)),
      hidden_(allocate(device_, plan_.of(Scratch::Hidden))),
      normed_(allocate(device_, plan_.of(Scratch::Normed))),
      quantised_(allocate(device_, plan_.of(Scratch::Quantised))),
      qkv_(allocate(device_, plan_.of(Scratch::Qkv))),
      q_rotated_(allocate(device_, plan_.of(Scratch::QRotated))),
      attention_chunks_(allocate(device_, plan_.of(Scratch::AttentionChunks))),
      attended_(allocate(device_, plan_.of(Scratch::Attended))),
      gate_up_(allocate(device_, plan_.of(Scratch::GateUp))),
      activated_(allocate(device_, plan_.of(Scratch::Activated))),
      tokens_(allocate(device_, plan_.of(Scratch::Tokens))),
      row_tables_(allocate(device_, plan_.of(Scratch::RowTables))),
      all_rows_(allocate(device_, plan_.of(Scratch::AllRows))),
      wanted_rows_(allocate(device_, plan_.of(Scratch::WantedRows))),
      rope_table_(allocate(device_, plan_.of(Scratch::RopeTable))),
      logits_(allocate(device_, plan_.of(Scratch::Logits))),
      statistics_(allocate(device_, plan_.of(Scratch::Statistics))),
      pairs_(allocate(device_, plan_.of(Scratch::Pairs))),
      gathered_(allocate(device_, plan_.of(Scratch::Gathered))),
      draws_(allocate(device_, plan_.of(Scratch::Draws))),
      drawn_(allocate(device_, plan_.of(Scratch::Drawn))),
      recorder_(device_, {device_.info().subgroup_size, head_units(shape_),
                          ceil_div(head_units(shape_), device_.info().subgroup_size)}) {
    const std::span<std::uint32_t> rows = recorder_.input<std::uint32_t>(all_rows_, plan_.batch_tokens);
    std::iota(rows.begin(), rows.end(), 0U);
    fill_rope_table(shape_, recorder_.input<float>(rope_table_, std::size_t{shape_.context} * shape_.head_dim));
    recorder_.submit_and_wait();
}

void Forward::submit() {
    recorder_.submit_and_wait();
    if (weights_.arranged) weights_.arranged->check_unchanged();  // kernels may read the file itself
}

void Forward::upload(const Batch& batch) {
    const formats::TensorInfo& table = *file_.find("token_embd.weight");
    const std::span<const std::byte> data = file_.data(table);
    // Rows are unpacked on the host: a batch needs few, and the table stays out of device memory.
    const std::size_t row_bytes = data.size() / shape_.vocab;
    const std::size_t stride = padded(shape_.dim);
    const std::span<float> hidden = recorder_.input<float>(hidden_, batch.tokens.size() * stride);
    const std::span<shaders::TokenPlace> places = recorder_.input<shaders::TokenPlace>(tokens_, batch.tokens.size());
    for (std::size_t t = 0; t < batch.tokens.size(); ++t) {
        const WorkToken& token = batch.tokens[t];
        formats::layout_of(table.type)
            .unpack(data.subspan(static_cast<std::size_t>(token.id) * row_bytes, row_bytes),
                    hidden.subspan(t * stride, shape_.dim));
        // Kernels read whole blocks: the padding must be 0, as the weights of padded columns are.
        std::fill_n(&hidden[t * stride] + shape_.dim, stride - shape_.dim, 0.0F);
        places[t] = {token.position, batch.rows[token.table + token.position], token.table};
    }
    // Writes the tiles into the same memory as the places.
    attention_ = shaders::plan_attention(device_.kernels(), attention_shape(shape_), places);
    std::copy(batch.rows.begin(), batch.rows.end(),
              recorder_.input<std::uint32_t>(row_tables_, batch.rows.size()).begin());
}

void Forward::multiply(const Stack& stack, const Buffer& x, const Buffer& y, std::uint32_t tokens,
                       std::uint32_t y_stride, Into into) {
    const std::uint32_t lanes = device_.info().subgroup_size;
    bool quantised = &x == &quantised_;
    for (const Matrix& matrix : stack.matrices) {
        const shaders::MatmulPlan plan = shaders::plan_matmul(
            device_.kernels(), numerics_, {.type = matrix.type, .tokens = tokens, .rows = matrix.rows, .lanes = lanes});
        if (plan.reads_8_bits && !quantised) {
            recorder_.dispatch(Kernel::Quantise, {&x, &quantised_}, shaders::QuantisePush{.blocks = matrix.blocks},
                               ceil_div(matrix.blocks * 8, lanes), tokens);
            quantised = true;
        }
        recorder_.dispatch(*plan.program, {&matrix.buffer, plan.reads_8_bits ? &quantised_ : &x, &y},
                           shaders::MatmulPush{.blocks = matrix.blocks,
                                               .rows = std::min(matrix.rows, y_stride - matrix.offset),
                                               .tokens = tokens,
                                               .y_stride = y_stride,
                                               .y_offset = matrix.offset,
                                               .accumulate = into == Into::Sum ? 1U : 0U},
                           plan.grid.x, plan.grid.y);
    }
    if (stack.bias) {
        const std::uint32_t units = std::min(stack.stride, y_stride) / 4;
        recorder_.dispatch(Kernel::AddBias, {&*stack.bias, &y},
                           shaders::BiasPush{.units = units, .stride = y_stride / 4}, ceil_div(units, lanes), tokens);
    }
}

const Buffer& Forward::activations(const Stack& reader, const Buffer& plain) const {
    const bool all_fast = std::all_of(reader.matrices.begin(), reader.matrices.end(), [this](const Matrix& matrix) {
        return arithmetic_for(device_.kernels(), numerics_, matrix.type) == shaders::FastArithmetic::Pairs;
    });
    return all_fast ? quantised_ : plain;
}

Kernel Forward::storing(Kernel plain, const Buffer& y) const {
    return &y == &quantised_ ? shaders::in_8_bits(plain) : plain;
}

void Forward::normalise(const Buffer& weight, const Buffer& rows, const Buffer& y, std::uint32_t count) {
    recorder_.dispatch(
        storing(Kernel::RmsNorm, y), {&hidden_, &weight, &rows, &y},
        shaders::NormPush{.units = padded(shape_.dim) / 4, .width = shape_.dim, .epsilon = shape_.norm_epsilon}, count);
}

void Forward::attend(std::size_t index, const Buffer& y, std::uint32_t tokens) {
    const shaders::AttentionPush push = {
        .heads = shape_.heads,
        .kv_heads = shape_.kv_heads,
        .head_dim = shape_.head_dim,
        .out_stride = padded(shape_.dim),
        .scale = static_cast<float>(1 / std::sqrt(static_cast<double>(shape_.head_dim))),
        .tokens = tokens,
        .tile_tokens = attention_.tile_tokens,
        .tile_heads = attention_.tile_heads,
        .chunks = attention_.chunks};
    const bool split = attention_.chunks > 1;
    recorder_.dispatch(
        split ? attention_.kernel : storing(attention_.kernel, y),
        {&q_rotated_, &keys_[index], &values_[index], &tokens_, &row_tables_, split ? &attention_chunks_ : &y}, push,
        attention_.grid.x, attention_.grid.y);
    if (split) {
        recorder_.dispatch(Kernel::AttentionCombine, {&attention_chunks_, &tokens_, &y}, push, shape_.heads, tokens);
    }
}

void Forward::layer(std::size_t index, std::uint32_t tokens) {
    const Layer& layer = weights_.layers[index];
    const std::uint32_t lanes = device_.info().subgroup_size;
    const Buffer& attention_in = activations(layer.qkv, normed_);
    normalise(layer.attention_norm, all_rows_, attention_in, tokens);
    multiply(layer.qkv, attention_in, qkv_, tokens, layer.qkv.stride, Into::Empty);
    const std::uint32_t pairs = (shape_.heads + 2 * shape_.kv_heads) * shape_.head_dim / 2;
    recorder_.dispatch(Kernel::Rope, {&qkv_, &tokens_, &rope_table_, &q_rotated_, &keys_[index], &values_[index]},
                       shaders::RopePush{.heads = shape_.heads,
                                         .kv_heads = shape_.kv_heads,
                                         .head_dim = shape_.head_dim,
                                         .stride = layer.qkv.stride,
                                         .k_offset = layer.qkv.offsets[1],
                                         .v_offset = layer.qkv.offsets[2]},
                       ceil_div(pairs, lanes), tokens);
    // In 8 bits if no block of 32 values spans two heads.
    const Buffer& attended = shape_.head_dim % 32 == 0 ? activations(layer.attention_output, attended_) : attended_;
    attend(index, attended, tokens);
    // The matrix kernel adds the residual itself.
    multiply(layer.attention_output, attended, hidden_, tokens, padded(shape_.dim), Into::Sum);
    const Buffer& ffn_in = activations(layer.gate_up, normed_);
    normalise(layer.ffn_norm, all_rows_, ffn_in, tokens);
    multiply(layer.gate_up, ffn_in, gate_up_, tokens, layer.gate_up.stride, Into::Empty);
    const Buffer& activated = activations(layer.down, activated_);
    const std::uint32_t units = padded(shape_.ffn) / 4;
    recorder_.dispatch(
        storing(Kernel::SiluMultiply, activated), {&gate_up_, &activated},
        shaders::SiluPush{
            .units = units, .stride = layer.gate_up.stride / 4, .up_offset = layer.gate_up.offsets[1] / 4},
        ceil_div(units, lanes), tokens);
    multiply(layer.down, activated, hidden_, tokens, padded(shape_.dim), Into::Sum);
}

void Forward::begin(const Batch& batch) {
    assert(!batch.tokens.empty() && batch.tokens.size() <= plan_.batch_tokens && batch.rows.size() <= plan_.table_rows);
    if (before_forward_ && !before_forward_(tokens_computed_))
        throw EngineError(EngineError::Kind::Stopped,
                          fmt::format("stopped on request after {} tokens", tokens_computed_));
    // An exception in an earlier call may have left queued commands.
    recorder_.discard();
    upload(batch);
    file_.check_unchanged();  // rows of the embedding table were read
}

void Forward::blocks(std::size_t first, std::size_t end, std::uint32_t tokens) {
    for (std::size_t index = first; index < end; ++index) layer(index, tokens);
}

void Forward::run(const Batch& batch) {
    begin(batch);
    blocks(0, weights_.layers.size(), static_cast<std::uint32_t>(batch.tokens.size()));
    submit();
    tokens_computed_ += batch.tokens.size();
}

States Forward::run_tapped(const Batch& batch, const Tap& tap, std::span<const std::uint32_t> tokens) {
    assert(tap.layer <= weights_.layers.size());
    begin(batch);
    const auto count = static_cast<std::uint32_t>(batch.tokens.size());
    blocks(0, tap.layer, count);
    States states = read_states(tap.final_norm, tokens, count);
    // The cache also needs the keys and values of the blocks after the tap.
    blocks(tap.layer, weights_.layers.size(), count);
    submit();
    tokens_computed_ += batch.tokens.size();
    return states;
}

States Forward::read_states(FinalNorm norm, std::span<const std::uint32_t> tokens, std::uint32_t batch_tokens) {
    const std::size_t stride = padded(shape_.dim);
    std::span<const float> rows;
    if (norm == FinalNorm::Applied) {
        std::copy(tokens.begin(), tokens.end(), recorder_.input<std::uint32_t>(wanted_rows_, tokens.size()).begin());
        normalise(weights_.output_norm, wanted_rows_, normed_, static_cast<std::uint32_t>(tokens.size()));
        rows = recorder_.output<float>(normed_, tokens.size() * stride);
    } else {
        rows = recorder_.output<float>(hidden_, batch_tokens * stride);
    }
    submit();
    States states{.width = shape_.dim, .values = {}};
    states.values.reserve(tokens.size() * shape_.dim);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const std::size_t row = norm == FinalNorm::Applied ? i : tokens[i];
        const std::span<const float> state = rows.subspan(row * stride, shape_.dim);
        if (!std::all_of(state.begin(), state.end(), [](float value) { return std::isfinite(value); }))
            fail_for_numbers();
        states.values.insert(states.values.end(), state.begin(), state.end());
    }
    return states;
}

}  // namespace engine::llama
