#include "engine/llama/weights.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "engine/language_model.hpp"
#include "engine/llama/device_layout.hpp"

namespace engine::llama {
namespace {

using formats::TensorInfo;

constexpr std::uint32_t kRowGroups = 2;  // as in matmul.comp

class Loader {
public:
    Loader(const vulkan::Device& device, const formats::Gguf& file) : device_(device), file_(file) {}

    const TensorInfo& expect(const std::string& name, std::uint64_t columns, std::uint64_t rows) const {
        const TensorInfo* tensor = file_.find(name);
        if (tensor == nullptr) fail(fmt::format("tensor {} is missing", name));
        if (tensor->columns() != columns || tensor->rows() != rows) {
            fail(fmt::format("tensor {} is {}x{}, expected {}x{}", name, tensor->columns(), tensor->rows(), columns, rows));
        }
        return *tensor;
    }

    vulkan::Buffer vector(const std::string& name, std::uint32_t width) const {
        const TensorInfo& tensor = expect(name, width, 1);
        vulkan::Buffer buffer(device_, std::size_t{padded(width)} * sizeof(float), vulkan::Texels::Float4);
        formats::layout_of(tensor.type).unpack(file_.data(tensor), buffer.as<float>().first(width));
        return buffer;
    }

    Matrix matrix(const std::string& name, std::uint32_t columns, std::uint32_t rows) const {
        const TensorInfo& tensor = expect(name, columns, rows);
        const DeviceLayout& layout = device_layout(tensor.type);
        const std::uint32_t lanes = device_.info().subgroup_size;
        const std::uint32_t blocks = padded(columns) / kBlockValues;
        const std::uint32_t units = layout.row_units(blocks);
        const std::uint32_t row_groups = (rows + lanes * kRowGroups - 1) / (lanes * kRowGroups);
        const std::size_t device_rows = std::size_t{row_groups} * kRowGroups * lanes;
        vulkan::Buffer buffer(device_, device_rows * units * kUnitBytes, vulkan::Texels::Uint4);

        const std::span<const std::byte> data = file_.data(tensor);
        const std::size_t row_bytes = data.size() / rows;
        const std::span<std::byte> target = buffer.as<std::byte>();
        std::vector<std::byte> arranged(std::size_t{units} * kUnitBytes);
        for (std::size_t row = 0; row < rows; ++row) {
            std::fill(arranged.begin(), arranged.end(), std::byte{0});
            layout.arrange_row(data.subspan(row * row_bytes, row_bytes), blocks, arranged);
            const std::size_t first = row / lanes * lanes * units + row % lanes;
            for (std::size_t unit = 0; unit < units; ++unit) {
                std::memcpy(&target[(first + unit * lanes) * kUnitBytes], &arranged[unit * kUnitBytes], kUnitBytes);
            }
        }
        return {std::move(buffer), layout.kernel, blocks, rows, row_groups};
    }

private:
    [[noreturn]] void fail(const std::string& what) const { throw EngineError(EngineError::Kind::Input, file_.path() + ": " + what); }

    const vulkan::Device& device_;
    const formats::Gguf& file_;
};

}  // namespace

Weights Weights::load(const vulkan::Device& device, const formats::Gguf& file, const Hyperparameters& shape) {
    const Loader loader(device, file);
    loader.expect("token_embd.weight", shape.dim, shape.vocab);
    std::vector<Layer> layers;
    for (std::uint32_t layer = 0; layer < shape.layers; ++layer) {
        const auto name = [layer](const char* part) { return fmt::format("blk.{}.{}.weight", layer, part); };
        layers.push_back({.attention_norm = loader.vector(name("attn_norm"), shape.dim),
                          .q = loader.matrix(name("attn_q"), shape.dim, shape.dim),
                          .k = loader.matrix(name("attn_k"), shape.dim, shape.kv_dim()),
                          .v = loader.matrix(name("attn_v"), shape.dim, shape.kv_dim()),
                          .attention_output = loader.matrix(name("attn_output"), shape.dim, shape.dim),
                          .ffn_norm = loader.vector(name("ffn_norm"), shape.dim),
                          .gate = loader.matrix(name("ffn_gate"), shape.dim, shape.ffn),
                          .up = loader.matrix(name("ffn_up"), shape.dim, shape.ffn),
                          .down = loader.matrix(name("ffn_down"), shape.ffn, shape.dim)});
    }
    const char* head = file.find("output.weight") != nullptr ? "output.weight" : "token_embd.weight";
    return {std::move(layers), loader.vector("output_norm.weight", shape.dim), loader.matrix(head, shape.dim, shape.vocab)};
}

}  // namespace engine::llama
