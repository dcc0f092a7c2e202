#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "engine/base/sha256.hpp"
#include "engine/devices.hpp"
#include "engine/formats/gguf.hpp"
#include "engine/memory_use.hpp"
#include "engine/model_warnings.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/engine_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/text.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/model/model_source.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;

struct InspectOptions {
    std::string model;
    engine::EngineOptions engine;  ///< for which the memory is planned
    bool tensors = false;
    bool json = false;
};

struct Shape {
    std::uint64_t dim = 0;
    std::uint64_t layers = 0;
    std::uint64_t heads = 0;
    std::uint64_t kv_heads = 0;
    std::uint64_t head_dim = 0;
    std::uint64_t ffn = 0;
    std::uint64_t context = 0;
    double norm_epsilon = 0;
    double rope_theta = 0;
};

Shape shape_of(const engine::formats::Gguf& file) {
    const auto number = [&file](const char* key) {
        return file.unsigned_integer(std::string("llama.") + key).value_or(0);
    };
    Shape shape;
    shape.dim = number("embedding_length");
    shape.layers = number("block_count");
    shape.heads = number("attention.head_count");
    shape.kv_heads = file.unsigned_integer("llama.attention.head_count_kv").value_or(shape.heads);
    shape.head_dim = shape.heads == 0 ? 0 : shape.dim / shape.heads;
    shape.ffn = number("feed_forward_length");
    shape.context = number("context_length");
    shape.norm_epsilon = file.number("llama.attention.layer_norm_rms_epsilon").value_or(0);
    shape.rope_theta = file.number("llama.rope.freq_base").value_or(10000);
    return shape;
}

/// The plan of a model's memory, or the reason why there is none.
struct PlannedMemory {
    std::optional<engine::MemoryUse> use;
    std::string reason;
};

PlannedMemory planned(const std::string& path, const engine::EngineOptions& options) {
    try {
        return {engine::plan_memory(path, options), ""};
    } catch (const engine::EngineError& error) {
        return {std::nullopt, error.what()};  // a vocabulary only, no device: the rest can still be shown
    }
}

json to_json(const PlannedMemory& memory) {
    if (!memory.use) return {{"reason", memory.reason}};
    const engine::MemoryUse& use = *memory.use;
    return {{"device", use.device},
            {"context", use.context},
            {"batch", use.batch_tokens},
            {"weight_bytes", use.weight_bytes},
            {"kv_bytes_per_token", use.cache_bytes_per_token},
            {"kv_tokens", use.cache_tokens},
            {"kv_bytes", use.cache_bytes},
            {"scratch_bytes", use.scratch_bytes},
            {"logit_bytes", use.logit_bytes},
            {"total_bytes", use.total_bytes},
            {"limit_bytes", use.limit_bytes},
            {"fits", use.refusal.empty()},
            {"reason", use.refusal}};
}

void print_memory(const PlannedMemory& memory) {
    if (!memory.use) {
        print("memory        no plan: {}\n", memory.reason);
        return;
    }
    const engine::MemoryUse& use = *memory.use;
    print("memory        on {}, context {}, batches of {}\n", use.device, use.context, use.batch_tokens);
    print("  weights     {:>10}\n", human_bytes(use.weight_bytes));
    print("  KV cache    {:>10}  {} tokens of {}\n", human_bytes(use.cache_bytes), use.cache_tokens,
          human_bytes(use.cache_bytes_per_token));
    print("  activations {:>10}\n", human_bytes(use.scratch_bytes));
    print("  logits      {:>10}\n", human_bytes(use.logit_bytes));
    print("  together    {:>10}  {} of the {} {}\n", human_bytes(use.total_bytes),
          use.refusal.empty() ? "fits:" : "does not fit:", human_bytes(use.limit_bytes),
          use.limit_is_asked ? "that --memory allows" : "that the device can give");
    if (!use.refusal.empty()) print("              {}\n", use.refusal);
}

ExitCode inspect(const InspectOptions& options) {
    const model::ModelSource source(options.model);
    const engine::formats::Gguf file(source.path());
    const Shape shape = shape_of(file);

    std::uint64_t parameters = 0;
    std::uint64_t weight_bytes = 0;
    std::map<std::string, std::uint64_t> bytes_by_type;
    json tensors = json::array();
    for (const engine::formats::TensorInfo& tensor : file.tensors()) {
        const std::string type(engine::formats::layout_of(tensor.type).name);
        parameters += tensor.columns() * tensor.rows();
        weight_bytes += tensor.size_bytes;
        bytes_by_type[type] += tensor.size_bytes;
        tensors.push_back({{"name", tensor.name}, {"type", type}, {"dims", tensor.dims}, {"bytes", tensor.size_bytes}});
    }
    // Keys and values, in f32, of every layer.
    const std::uint64_t cache_per_token = 2 * 4 * shape.layers * shape.kv_heads * shape.head_dim;
    const PlannedMemory memory = planned(source.path(), options.engine);
    const std::vector<std::string> warned = engine::model_warnings(source.path());
    const std::string fingerprint = engine::base::sha256_hex(file.bytes());
    file.check_unchanged();

    if (options.json) {
        json shown = {{"model", source.variant()},
                      {"name", file.text("general.name").value_or("")},
                      {"architecture", file.text("general.architecture").value_or("")},
                      {"fingerprint", fingerprint},
                      {"dim", shape.dim},
                      {"layers", shape.layers},
                      {"heads", shape.heads},
                      {"kv_heads", shape.kv_heads},
                      {"head_dim", shape.head_dim},
                      {"ffn", shape.ffn},
                      {"context_length", shape.context},
                      {"norm_epsilon", shape.norm_epsilon},
                      {"rope_theta", shape.rope_theta},
                      {"parameters", parameters},
                      {"weight_bytes", weight_bytes},
                      {"bytes_by_type", bytes_by_type},
                      {"kv_bytes_per_token", cache_per_token},
                      {"memory", to_json(memory)},
                      {"warnings", warned}};
        if (options.tensors) shown["tensors"] = std::move(tensors);
        print_json(shown);
        return ExitCode::Done;
    }
    print("{}  {}  (GGUF v{})\n", source.variant(), file.text("general.name").value_or(""), file.version());
    print("fingerprint   {}\n", fingerprint);
    print("shape         dim {}, {} layers, {} heads of {}, {} kv heads, ffn {}, context {}\n", shape.dim, shape.layers,
          shape.heads, shape.head_dim, shape.kv_heads, shape.ffn, shape.context);
    print("constants     norm epsilon {:g}, rope theta {:g}\n", shape.norm_epsilon, shape.rope_theta);
    print("parameters    {}\n", parameters);
    print("weights       {}", human_bytes(weight_bytes));
    for (const auto& [type, bytes] : bytes_by_type) print("  {} {}", type, human_bytes(bytes));
    print("\n");
    print_memory(memory);
    for (const std::string& warning : warned) print("warning: {}\n", warning);
    if (options.tensors) {
        for (const json& tensor : tensors) {
            print("{:<32} {:<6} {:>12}  [{}]\n", tensor["name"].get<std::string>(), tensor["type"].get<std::string>(),
                  tensor["bytes"].get<std::uint64_t>(),
                  fmt::format("{}", fmt::join(tensor["dims"].get<std::vector<std::uint64_t>>(), ", ")));
        }
    }
    return ExitCode::Done;
}

}  // namespace

void add_inspect(Verb& root) {
    Verb& verb = root.verb("inspect", "Hyperparameters, tensors, memory and warnings of a model");
    auto& options = verb.command(inspect);
    verb.argument("MODEL", text_not_empty(options.model), kModelHelp).required();
    verb.flag("--tensors", truth(options.tensors), "List every tensor");
    json_flag(verb, options.json);
    engine_options(verb, options.engine);
    verb.example("bellwether inspect model-Q4_K_M.gguf");
    verb.example("bellwether inspect model-F16.gguf --memory 8G");
}

}  // namespace harness::cli
