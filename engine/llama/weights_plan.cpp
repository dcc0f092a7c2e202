#include "engine/llama/weights_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/language_model.hpp"
#include "engine/llama/device_layout.hpp"
#include "engine/shaders/kernels.hpp"

namespace engine::llama {
namespace {

using formats::TensorInfo;

class Planner {
public:
    Planner(const formats::Gguf& file, std::uint32_t lanes) : file_(file), lanes_(lanes) {}

    const TensorInfo* expect(const std::string& name, std::uint64_t columns, std::uint64_t rows) const {
        const TensorInfo* tensor = file_.find(name);
        if (tensor == nullptr) fail(fmt::format("tensor {} is missing", name));
        if (tensor->columns() != columns || tensor->rows() != rows) {
            fail(fmt::format("tensor {} is {}x{}, expected {}x{}", name, tensor->columns(), tensor->rows(), columns,
                             rows));
        }
        return tensor;
    }

    /// The tensors one below the other, each with its rows.
    StackPlan stack(std::uint32_t columns, std::initializer_list<std::pair<std::string, std::uint32_t>> tensors) const {
        StackPlan stack;
        for (const auto& [name, rows] : tensors) {
            const TensorInfo* tensor = expect(name, columns, rows);
            const DeviceLayout& layout = device_layout(tensor->type);
            if (stack.matrices.empty() || stack.matrices.back().type != tensor->type) {
                stack.matrices.emplace_back();
                stack.matrices.back().type = tensor->type;
                stack.matrices.back().blocks = padded(columns) / kBlockValues;
                stack.matrices.back().offset = stack.stride;
            }
            MatrixPlan& matrix = stack.matrices.back();
            const std::uint32_t padded = padded_rows(rows, lanes_);
            matrix.tensors.push_back(tensor);
            matrix.rows += padded;
            matrix.bytes += std::uint64_t{padded} * layout.row_units(matrix.blocks) * kUnitBytes;
            stack.offsets.push_back(stack.stride);
            stack.stride += padded;
        }
        return stack;
    }

private:
    [[noreturn]] void fail(const std::string& what) const {
        throw EngineError(EngineError::Kind::Input, file_.path() + ": " + what);
    }

    const formats::Gguf& file_;
    std::uint32_t lanes_;
};

}  // namespace

std::uint32_t padded_rows(std::uint64_t rows, std::uint32_t lanes) {
    const std::uint32_t group = lanes * shaders::kRowGroupsMany;
    return static_cast<std::uint32_t>((rows + group - 1) / group * group);
}

std::uint64_t WeightsPlan::bytes() const {
    std::uint64_t sum = vector_bytes(output_norm->columns());
    for (const LayerPlan& layer : layers)
        sum += vector_bytes(layer.attention_norm->columns()) + vector_bytes(layer.ffn_norm->columns());
    for (const MatrixPlan* matrix : matrices()) sum += matrix->bytes;
    return sum;
}

std::vector<const MatrixPlan*> WeightsPlan::matrices() const {
    std::vector<const MatrixPlan*> found;
    const auto add = [&found](const StackPlan& stack) {
        for (const MatrixPlan& matrix : stack.matrices) found.push_back(&matrix);
    };
    for (const LayerPlan& layer : layers) {
        for (const StackPlan* stack : {&layer.qkv, &layer.attention_output, &layer.gate_up, &layer.down}) add(*stack);
    }
    add(output);
    return found;
}

const MatrixPlan& WeightsPlan::largest() const {
    const std::vector<const MatrixPlan*> all = matrices();
    return **std::max_element(all.begin(), all.end(),
                              [](const MatrixPlan* a, const MatrixPlan* b) { return a->bytes < b->bytes; });
}

WeightsPlan plan_weights(const formats::Gguf& file, const Hyperparameters& shape, std::uint32_t lanes) {
    const Planner planner(file, lanes);
    planner.expect("token_embd.weight", shape.dim, shape.vocab);
    std::vector<LayerPlan> layers;
    for (std::uint32_t layer = 0; layer < shape.layers; ++layer) {
        const auto name = [layer](const char* part) { return fmt::format("blk.{}.{}.weight", layer, part); };
        layers.push_back(
            {.attention_norm = planner.expect(name("attn_norm"), shape.dim, 1),
             .qkv = planner.stack(
                 shape.dim,
                 {{name("attn_q"), shape.dim}, {name("attn_k"), shape.kv_dim()}, {name("attn_v"), shape.kv_dim()}}),
             .attention_output = planner.stack(shape.dim, {{name("attn_output"), shape.dim}}),
             .ffn_norm = planner.expect(name("ffn_norm"), shape.dim, 1),
             .gate_up = planner.stack(shape.dim, {{name("ffn_gate"), shape.ffn}, {name("ffn_up"), shape.ffn}}),
             .down = planner.stack(shape.ffn, {{name("ffn_down"), shape.dim}})});
    }
    const char* head = file.find("output.weight") != nullptr ? "output.weight" : "token_embd.weight";
    return {std::move(layers), planner.expect("output_norm.weight", shape.dim, 1),
            planner.stack(shape.dim, {{head, shape.vocab}})};
}

}  // namespace engine::llama
