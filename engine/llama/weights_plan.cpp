#include "engine/llama/weights_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/formats/printable.hpp"
#include "engine/formats/scalar_head.hpp"
#include "engine/language_model.hpp"
#include "engine/llama/device_layout.hpp"
#include "engine/shaders/kernels.hpp"

namespace engine::llama {
namespace {

using formats::TensorInfo;

class WeightsPlanner {
public:
    WeightsPlanner(const formats::ModelFile& file, std::uint32_t lanes) : file_(file), lanes_(lanes) {}

    const TensorInfo* expect(const std::string& name, std::uint64_t columns, std::uint64_t rows) {
        const TensorInfo* tensor = find(name, columns, rows);
        if (tensor == nullptr) fail(fmt::format("tensor {} is missing", name));
        return tensor;
    }

    /// nullptr when the file has no such tensor.
    const TensorInfo* find(const std::string& name, std::uint64_t columns, std::uint64_t rows) {
        const TensorInfo* tensor = file_.find(name);
        if (tensor == nullptr) return nullptr;
        if (tensor->columns() != columns || tensor->rows() != rows) {
            fail(fmt::format("tensor {} is {}x{}, expected {}x{}", name, tensor->columns(), tensor->rows(), columns,
                             rows));
        }
        used_.insert(tensor);
        return tensor;
    }

    /// A tensor's name without ".weight", and its rows.
    using Rows = std::pair<std::string, std::uint32_t>;

    /// Stacks the matrices, one below the other.
    StackPlan stack(std::uint32_t columns, std::initializer_list<Rows> tensors) {
        StackPlan stack;
        for (const auto& [name, rows] : tensors) {
            const TensorInfo* tensor = expect(name + ".weight", columns, rows);
            const DeviceLayout& layout = device_layout(tensor->type);
            // Mixed files (Q4_K_M) have tensors of several types in one stack; each type needs its own dispatch.
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

    /// The same, with the biases that the file has.
    StackPlan biased_stack(std::uint32_t columns, std::initializer_list<Rows> tensors) {
        StackPlan biased = stack(columns, tensors);
        bool any = false;
        for (const auto& [name, rows] : tensors) {
            biased.biases.push_back(find(name + ".bias", rows, 1));
            any = any || biased.biases.back() != nullptr;
        }
        if (!any) biased.biases.clear();
        return biased;
    }

    /// Marks a tensor that other code reads as used.
    void use(std::string_view name) { used_.insert(file_.find(name)); }

    /// Refuses a file that is not what it is opened for.
    void use_head(Head head) {
        const std::vector<std::string> names = formats::scalar_head_tensors(file_);
        if (head == Head::Scalar && names.empty())
            fail("has no scalar head (cls.output.weight or score.weight), so it is not a reward model");
        if (head == Head::Tokens && !names.empty())
            fail(fmt::format(
                "has a scalar head ({}): a reward model, which writes no text; 'bellwether rescore' uses it "
                "as reward:FILE.gguf",
                names[0]));
        for (const std::string& name : names) use(name);
    }

    void refuse_unused() const {
        for (const TensorInfo& tensor : file_.tensors()) {
            if (used_.contains(&tensor)) continue;
            fail(fmt::format(
                "tensor {} is not used: the network that is computed is Llama 2's, with biases and frequency "
                "factors where a file has them, and this model's results would be wrong without it; it "
                "cannot be run",
                formats::printable(tensor.name)));
        }
    }

private:
    [[noreturn]] void fail(const std::string& what) const {
        throw EngineError(EngineError::Kind::Input, file_.path() + ": " + what);
    }

    const formats::ModelFile& file_;
    std::uint32_t lanes_;
    std::set<const TensorInfo*> used_;
};

}  // namespace

std::uint64_t StackPlan::bias_bytes() const {
    return biases.empty() ? 0 : vector_bytes(stride);
}

std::uint32_t padded_rows(std::uint64_t rows, std::uint32_t lanes) {
    // Kernels compute whole groups of rows without checking the last one.
    const std::uint32_t group = lanes * shaders::kRowGroupsMany;
    return static_cast<std::uint32_t>((rows + group - 1) / group * group);
}

std::uint64_t WeightsPlan::bytes() const {
    std::uint64_t sum = vector_bytes(output_norm->columns());
    for (const LayerPlan& layer : layers) {
        sum += vector_bytes(layer.attention_norm->columns()) + vector_bytes(layer.ffn_norm->columns());
        for (const StackPlan* stack : {&layer.qkv, &layer.attention_output, &layer.gate_up, &layer.down})
            sum += stack->bias_bytes();
    }
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

WeightsPlan plan_weights(const formats::ModelFile& file, const Hyperparameters& shape, std::uint32_t lanes, Head head) {
    WeightsPlanner planner(file, lanes);
    planner.use_head(head);
    planner.expect("token_embd.weight", shape.dim, shape.vocab);
    std::vector<LayerPlan> layers;
    for (std::uint32_t layer = 0; layer < shape.layers; ++layer) {
        const auto name = [layer](const char* part) { return fmt::format("blk.{}.{}", layer, part); };
        layers.push_back(
            {.attention_norm = planner.expect(name("attn_norm.weight"), shape.dim, 1),
             .qkv = planner.biased_stack(
                 shape.dim,
                 {{name("attn_q"), shape.dim}, {name("attn_k"), shape.kv_dim()}, {name("attn_v"), shape.kv_dim()}}),
             .attention_output = planner.biased_stack(shape.dim, {{name("attn_output"), shape.dim}}),
             .ffn_norm = planner.expect(name("ffn_norm.weight"), shape.dim, 1),
             .gate_up = planner.biased_stack(shape.dim, {{name("ffn_gate"), shape.ffn}, {name("ffn_up"), shape.ffn}}),
             .down = planner.biased_stack(shape.ffn, {{name("ffn_down"), shape.dim}})});
    }
    // Small models use the embedding table as output matrix.
    const char* output = file.find("output.weight") != nullptr ? "output" : "token_embd";
    WeightsPlan plan = {std::move(layers), planner.expect("output_norm.weight", shape.dim, 1),
                        planner.stack(shape.dim, {{output, shape.vocab}})};
    planner.use("rope_freqs.weight");  // read by read_hyperparameters()
    planner.refuse_unused();
    return plan;
}

}  // namespace engine::llama
