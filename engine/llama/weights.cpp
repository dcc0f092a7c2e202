#include "engine/llama/weights.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "engine/language_model.hpp"

namespace engine::llama {
namespace {

using formats::TensorInfo;
using formats::TensorType;
using shaders::Kernel;

constexpr std::uint32_t kUnitBytes = 16;
constexpr std::uint32_t kBlockValues = 32;
constexpr std::uint32_t kRowGroups = 2;  // as in matmul.comp

/// How rows of one type lie on the device. A quantised row is split: half-precision scales of 8 blocks in one unit, then
/// the quants of each block.
struct DeviceLayout {
    TensorType type;
    Kernel kernel;
    std::uint32_t value_bytes;  ///< floats: bytes of a value; 0 for quantised types
    std::uint32_t quant_bytes;  ///< quantised: bytes of a block without its scale
};

constexpr std::array<DeviceLayout, 5> kLayouts = {{
    {TensorType::F32, Kernel::MatmulF32, 4, 0},
    {TensorType::F16, Kernel::MatmulF16, 2, 0},
    {TensorType::BF16, Kernel::MatmulBF16, 2, 0},
    {TensorType::Q8_0, Kernel::MatmulQ8_0, 0, 32},
    {TensorType::Q4_0, Kernel::MatmulQ4_0, 0, 16},
}};

const DeviceLayout& device_layout(TensorType type) {
    return *std::find_if(kLayouts.begin(), kLayouts.end(), [type](const DeviceLayout& layout) { return layout.type == type; });
}

std::uint32_t row_units(const DeviceLayout& layout, std::uint32_t blocks) {
    if (layout.value_bytes != 0) return blocks * kBlockValues * layout.value_bytes / kUnitBytes;
    return (blocks + 7) / 8 + blocks * layout.quant_bytes / kUnitBytes;
}

/// One row in device order, before interleaving.
void arrange_row(const DeviceLayout& layout, std::span<const std::byte> row, std::uint32_t blocks, std::span<std::byte> out) {
    if (layout.value_bytes != 0) {
        std::copy(row.begin(), row.end(), out.begin());
        return;
    }
    const std::size_t source_block = 2 + layout.quant_bytes;
    const std::size_t quants = std::size_t{(blocks + 7) / 8} * kUnitBytes;
    for (std::uint32_t block = 0; block < row.size() / source_block; ++block) {
        std::memcpy(&out[std::size_t{block} * 2], &row[block * source_block], 2);
        std::memcpy(&out[quants + std::size_t{block} * layout.quant_bytes], &row[block * source_block + 2], layout.quant_bytes);
    }
}

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
        const std::uint32_t units = row_units(layout, blocks);
        const std::uint32_t row_groups = (rows + lanes * kRowGroups - 1) / (lanes * kRowGroups);
        const std::size_t device_rows = std::size_t{row_groups} * kRowGroups * lanes;
        vulkan::Buffer buffer(device_, device_rows * units * kUnitBytes, vulkan::Texels::Uint4);

        const std::span<const std::byte> data = file_.data(tensor);
        const std::size_t row_bytes = data.size() / rows;
        const std::span<std::byte> target = buffer.as<std::byte>();
        std::vector<std::byte> arranged(std::size_t{units} * kUnitBytes);
        for (std::size_t row = 0; row < rows; ++row) {
            arrange_row(layout, data.subspan(row * row_bytes, row_bytes), blocks, arranged);
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
