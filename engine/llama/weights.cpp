#include "engine/llama/weights.hpp"

#include <algorithm>
#include <cstring>

#include "engine/base/bus_errors.hpp"
#include "engine/language_model.hpp"
#include "engine/llama/device_layout.hpp"
#include "engine/llama/parallel.hpp"
#include "engine/vulkan/uploader.hpp"

namespace engine::llama {
namespace {

using formats::TensorInfo;

/// Puts rows of a model file into device order.
class Arranger {
public:
    Arranger(const formats::ModelFile& file, std::uint32_t lanes) : file_(file), lanes_(lanes) {}

    /// Arranges rows of a matrix starting at `first`, as many as fit `target`.
    void arrange(const MatrixPlan& plan, std::size_t first, std::span<std::byte> target) const {
        const DeviceLayout& layout = device_layout(plan.tensors.front()->type);
        const std::size_t row_bytes = std::size_t{layout.row_units(plan.blocks)} * kUnitBytes;
        const std::size_t end = first + target.size() / row_bytes;
        std::size_t above = 0;  // rows of the preceding tensors
        for (const TensorInfo* tensor : plan.tensors) {
            const std::size_t rows = padded_rows(tensor->rows(), lanes_);
            const std::size_t from = std::clamp(first, above, above + rows);
            const std::size_t to = std::clamp(end, above, above + rows);
            if (from < to) {
                arrange(*tensor, layout, plan.blocks, from - above, to - from,
                        target.subspan((from - first) * row_bytes));
            }
            above += rows;
        }
    }

private:
    /// Writes every byte of `count` rows of a tensor starting at row `first`; both are multiples of the subgroup size.
    void arrange(const TensorInfo& tensor, const DeviceLayout& layout, std::uint32_t blocks, std::size_t first,
                 std::size_t count, std::span<std::byte> target) const {
        const std::uint32_t units = layout.row_units(blocks);
        const std::span<const std::byte> data = file_.data(tensor);
        const std::size_t row_bytes = data.size() / tensor.rows();
        parallel_for(count, lanes_, [&](std::size_t begin, std::size_t end) {
            std::vector<std::byte> arranged(std::size_t{units} * kUnitBytes);
            for (std::size_t at = begin; at < end; ++at) {
                // Padding rows and padding in a row are zeros, whose products are 0.
                std::fill(arranged.begin(), arranged.end(), std::byte{0});
                const std::size_t row = first + at;
                if (row < tensor.rows()) layout.arrange_row(data.subspan(row * row_bytes, row_bytes), blocks, arranged);
                // Unit u of the row in lane l is unit u * lanes + l of the group, so that lanes read neighbouring
                // units.
                const std::size_t start = at / lanes_ * lanes_ * units + at % lanes_;
                for (std::size_t unit = 0; unit < units; ++unit) {
                    std::memcpy(&target[(start + unit * lanes_) * kUnitBytes], &arranged[unit * kUnitBytes],
                                kUnitBytes);
                }
            }
        });
        // The device has its own copy now.
        file_.release(data);
    }

    const formats::ModelFile& file_;
    std::uint32_t lanes_;
};

class Loader {
public:
    Loader(const vulkan::Device& device, const formats::ModelFile& file, const Arranger& arranger,
           const std::optional<ArrangedWeights>& arranged)
        : device_(device), file_(file), arranger_(arranger), arranged_(arranged), uploader_(device) {}

    vulkan::Buffer vector(const TensorInfo& tensor) {
        // Padded with zeros: kernels read whole blocks.
        std::vector<float> values(vector_bytes(tensor.columns()) / sizeof(float));
        unpack(tensor, values);
        return upload(values);
    }

    Stack stack(const StackPlan& plan) {
        Stack stack{.matrices = {}, .offsets = plan.offsets, .stride = plan.stride, .bias = bias(plan)};
        for (const MatrixPlan& matrix_plan : plan.matrices) stack.matrices.push_back(matrix(matrix_plan));
        return stack;
    }

    void finish() { uploader_.finish(); }

private:
    void unpack(const TensorInfo& vector, std::span<float> to) const {
        formats::layout_of(vector.type).unpack(file_.data(vector), to.first(vector.columns()));
    }

    vulkan::Buffer upload(const std::vector<float>& values) {
        vulkan::Buffer buffer(device_, values.size() * sizeof(float), vulkan::Texels::Float4,
                              vulkan::Contents::Undefined, vulkan::Home::Device);
        uploader_.fill(buffer, sizeof(float), [&](std::size_t offset, std::span<std::byte> piece) {
            std::memcpy(piece.data(), &std::as_bytes(std::span(values))[offset], piece.size());
        });
        return buffer;
    }

    std::optional<vulkan::Buffer> bias(const StackPlan& plan) {
        if (plan.biases.empty()) return std::nullopt;
        std::vector<float> values(plan.bias_bytes() / sizeof(float));
        for (std::size_t i = 0; i < plan.biases.size(); ++i) {
            if (plan.biases[i] != nullptr) unpack(*plan.biases[i], std::span(values).subspan(plan.offsets[i]));
        }
        return upload(values);
    }

    Matrix matrix(const MatrixPlan& plan) {
        const MatrixShape& shape = plan;
        const std::size_t row_bytes = plan.bytes / plan.rows;
        const auto kept = arranged_ ? std::optional(arranged_->matrix(matrices_++)) : std::nullopt;
        if (kept && in_place_) {
            if (auto buffer = vulkan::Buffer::of_host(device_, *kept, vulkan::Texels::Uint4))
                return {shape, std::move(*buffer)};
        }
        vulkan::Buffer buffer(device_, plan.bytes, vulkan::Texels::Uint4, vulkan::Contents::Undefined,
                              vulkan::Home::Device);
        uploader_.fill(buffer, row_bytes * device_.info().subgroup_size,
                       [&](std::size_t offset, std::span<std::byte> piece) {
                           if (kept)
                               std::memcpy(piece.data(), &(*kept)[offset], piece.size());
                           else
                               arranger_.arrange(plan, offset / row_bytes, piece);
                       });
        return {shape, std::move(buffer)};
    }

    const vulkan::Device& device_;
    const formats::ModelFile& file_;
    const Arranger& arranger_;
    const std::optional<ArrangedWeights>& arranged_;
    std::size_t matrices_ = 0;  ///< number loaded so far
    /// Whether the driver may read the file in place: only if a shortened file cannot end the process.
    bool in_place_ = arranged_.has_value() && base::unblock_bus_errors();
    vulkan::Uploader uploader_;
};

/// Opens the cached file; nullopt unless it belongs to this model and has the layout of the current kernels.
std::optional<ArrangedWeights> kept_weights(const std::string& path, const WeightsPlan& plan, std::uint32_t lanes,
                                            const Arranger& arranger, const formats::ModelFile& file) {
    std::optional<ArrangedWeights> kept = ArrangedWeights::open(path, plan, file);
    const std::vector<const MatrixPlan*> matrices = plan.matrices();
    for (std::size_t i = 0; kept && i < matrices.size(); ++i) {
        std::vector<std::byte> first(matrices[i]->bytes / matrices[i]->rows * lanes);
        arranger.arrange(*matrices[i], 0, first);
        if (std::memcmp(first.data(), kept->matrix(i).data(), first.size()) != 0) kept.reset();
    }
    return kept;
}

}  // namespace

Weights Weights::load(const vulkan::Device& device, const formats::ModelFile& file, const WeightsPlan& plan,
                      const std::string& cache) {
    const std::uint32_t lanes = device.info().subgroup_size;
    const Arranger arranger(file, lanes);
    std::optional<ArrangedWeights> arranged;
    if (!cache.empty()) {
        const std::string path = arranged_path(cache, file, plan, lanes);
        arranged = kept_weights(path, plan, lanes, arranger, file);
        if (!arranged) {
            ArrangedWeights::write(path, plan, file, [&](const MatrixPlan& matrix, std::span<std::byte> bytes) {
                arranger.arrange(matrix, 0, bytes);
            });
            arranged = kept_weights(path, plan, lanes, arranger, file);
        }
    }
    // In the order of the network, so that the cached file is read from front to back.
    std::vector<Layer> layers;
    Loader loader(device, file, arranger, arranged);  // destroyed before the layers, to which it may still be copying
    for (const LayerPlan& layer : plan.layers) {
        layers.push_back({.attention_norm = loader.vector(*layer.attention_norm),
                          .qkv = loader.stack(layer.qkv),
                          .attention_output = loader.stack(layer.attention_output),
                          .ffn_norm = loader.vector(*layer.ffn_norm),
                          .gate_up = loader.stack(layer.gate_up),
                          .down = loader.stack(layer.down)});
    }
    vulkan::Buffer output_norm = loader.vector(*plan.output_norm);
    Stack output = loader.stack(plan.output);
    loader.finish();
    return {std::move(arranged), std::move(layers), std::move(output_norm), std::move(output)};
}

}  // namespace engine::llama
