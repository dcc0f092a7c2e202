#include "engine/llama/weights.hpp"

#include <algorithm>
#include <cstring>

#include "engine/language_model.hpp"
#include "engine/llama/device_layout.hpp"
#include "engine/parallel.hpp"
#include "engine/vulkan/uploader.hpp"

namespace engine::llama {
namespace {

using formats::TensorInfo;

class Loader {
public:
    Loader(const vulkan::Device& device, const formats::Gguf& file) : device_(device), file_(file), uploader_(device) {}

    vulkan::Buffer vector(const TensorInfo& tensor) {
        vulkan::Buffer buffer(device_, vector_bytes(tensor.columns()), vulkan::Texels::Float4,
                              vulkan::Contents::Undefined, vulkan::Home::Device);
        std::vector<float> values(buffer.size_bytes() / sizeof(float));
        formats::layout_of(tensor.type).unpack(file_.data(tensor), std::span(values).first(tensor.columns()));
        uploader_.fill(buffer, sizeof(float), [&](std::size_t offset, std::span<std::byte> piece) {
            std::memcpy(piece.data(), &std::as_bytes(std::span(values))[offset], piece.size());
        });
        return buffer;
    }

    Stack stack(const StackPlan& plan) {
        Stack stack{.matrices = {}, .offsets = plan.offsets, .stride = plan.stride};
        for (const MatrixPlan& matrix_plan : plan.matrices) stack.matrices.push_back(matrix(matrix_plan));
        return stack;
    }

    void finish() { uploader_.finish(); }

private:
    Matrix matrix(const MatrixPlan& plan) {
        const DeviceLayout& layout = device_layout(plan.tensors.front()->type);
        const std::size_t row_bytes = std::size_t{layout.row_units(plan.blocks)} * kUnitBytes;
        vulkan::Buffer buffer(device_, plan.bytes, vulkan::Texels::Uint4, vulkan::Contents::Undefined,
                              vulkan::Home::Device);
        uploader_.fill(
            buffer, row_bytes * device_.info().subgroup_size,
            [&](std::size_t offset, std::span<std::byte> piece) { arrange(plan, layout, offset / row_bytes, piece); });
        return {plan, std::move(buffer)};
    }

    /// The rows of a matrix from `first` on, as many as `target` takes.
    void arrange(const MatrixPlan& plan, const DeviceLayout& layout, std::size_t first,
                 std::span<std::byte> target) const {
        const std::size_t row_bytes = std::size_t{layout.row_units(plan.blocks)} * kUnitBytes;
        const std::size_t end = first + target.size() / row_bytes;
        std::size_t above = 0;  // rows of the tensors before
        for (const TensorInfo* tensor : plan.tensors) {
            const std::size_t rows = padded_rows(tensor->rows(), device_.info().subgroup_size);
            const std::size_t from = std::clamp(first, above, above + rows);
            const std::size_t to = std::clamp(end, above, above + rows);
            arrange(*tensor, layout, plan.blocks, from - above, to - from,
                    target.subspan((from - std::min(from, first)) * row_bytes));
            above += rows;
        }
    }

    /// Every byte of `count` rows of a tensor from row `first` on, a multiple of the subgroup size.
    void arrange(const TensorInfo& tensor, const DeviceLayout& layout, std::uint32_t blocks, std::size_t first,
                 std::size_t count, std::span<std::byte> target) const {
        const std::uint32_t lanes = device_.info().subgroup_size;
        const std::uint32_t units = layout.row_units(blocks);
        const std::span<const std::byte> data = file_.data(tensor);
        const std::size_t row_bytes = data.size() / tensor.rows();
        parallel_for(count, lanes, [&](std::size_t begin, std::size_t end) {
            std::vector<std::byte> arranged(std::size_t{units} * kUnitBytes);
            for (std::size_t at = begin; at < end; ++at) {
                std::fill(arranged.begin(), arranged.end(), std::byte{0});
                const std::size_t row = first + at;
                if (row < tensor.rows()) layout.arrange_row(data.subspan(row * row_bytes, row_bytes), blocks, arranged);
                const std::size_t start = at / lanes * lanes * units + at % lanes;
                for (std::size_t unit = 0; unit < units; ++unit) {
                    std::memcpy(&target[(start + unit * lanes) * kUnitBytes], &arranged[unit * kUnitBytes], kUnitBytes);
                }
            }
        });
    }

    const vulkan::Device& device_;
    const formats::Gguf& file_;
    vulkan::Uploader uploader_;
};

}  // namespace

Weights Weights::load(const vulkan::Device& device, const formats::Gguf& file, const WeightsPlan& plan) {
    std::vector<Layer> layers;
    Loader loader(device, file);  // goes before the layers, to which it may still be copying
    for (const LayerPlan& layer : plan.layers) {
        layers.push_back({.attention_norm = loader.vector(*layer.attention_norm),
                          .qkv = loader.stack(layer.qkv),
                          .attention_output = loader.stack(layer.attention_output),
                          .ffn_norm = loader.vector(*layer.ffn_norm),
                          .gate_up = loader.stack(layer.gate_up),
                          .down = loader.stack(layer.down)});
    }
    Weights weights{std::move(layers), loader.vector(*plan.output_norm), loader.stack(plan.output)};
    loader.finish();
    return weights;
}

}  // namespace engine::llama
