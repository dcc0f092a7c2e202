#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "engine/devices.hpp"
#include "engine/memory_use.hpp"
#include "engine/model_summary.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/engine_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/text.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/model/model_source.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;

struct InspectOptions {
    std::string model;
    engine::EngineOptions engine;  ///< options that the memory is planned for
    bool tensors = false;
    bool json = false;
};

/// The planned memory of a model, or the reason why there is no plan.
struct PlannedMemory {
    std::optional<engine::MemoryUse> use;
    std::string reason;
};

PlannedMemory planned(const std::string& path, const engine::ModelSummary& model,
                      const engine::EngineOptions& options) {
    if (!model.refusal.empty()) return {std::nullopt, model.refusal};
    try {
        return {engine::plan_memory(path, options), ""};
    } catch (const engine::EngineError& error) {
        return {std::nullopt, error.what()};  // e.g. no device: the rest can still be shown
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
        print_facts({{"memory", "no plan: " + memory.reason}});
        return;
    }
    const engine::MemoryUse& use = *memory.use;
    const auto amount = [](std::uint64_t bytes, const std::string& what) {
        return fmt::format("{:>10}{}{}", human_bytes(bytes), what.empty() ? "" : "  ", what);
    };
    print_facts({{"memory", fmt::format("on {}, context {}, batches of {}", use.device, use.context, use.batch_tokens)},
                 {"  weights", amount(use.weight_bytes, "")},
                 {"  KV cache", amount(use.cache_bytes, fmt::format("{} tokens of {}", use.cache_tokens,
                                                                    human_bytes(use.cache_bytes_per_token)))},
                 {"  activations", amount(use.scratch_bytes, "")},
                 {"  logits", amount(use.logit_bytes, "")},
                 {"  together",
                  amount(use.total_bytes,
                         fmt::format("{} of the {} {}",
                                     use.refusal.empty() ? "fits:" : "does not fit:", human_bytes(use.limit_bytes),
                                     use.limit_is_asked ? "that --memory allows" : "that the device can give"))}});
    if (!use.refusal.empty()) print_facts({{"", use.refusal}});
}

json to_json(const engine::ModelSummary& model, const std::string& variant, const PlannedMemory& memory) {
    return {{"model", variant},
            {"name", model.name},
            {"architecture", model.architecture},
            {"licence", model.licence.name},
            {"fingerprint", model.fingerprint},
            {"dim", model.dim},
            {"layers", model.layers},
            {"heads", model.heads},
            {"kv_heads", model.kv_heads},
            {"head_dim", model.head_dim},
            {"ffn", model.ffn},
            {"context_length", model.context_length},
            {"norm_epsilon", model.norm_epsilon},
            {"rope_theta", model.rope_theta},
            {"parameters", model.parameters},
            {"weight_bytes", model.weight_bytes},
            {"bytes_by_type", model.bytes_by_type},
            {"kv_bytes_per_token", model.kv_bytes_per_token},
            {"memory", to_json(memory)},
            {"refusal", model.refusal},
            {"warnings", model.warnings}};
}

json tensors_json(const engine::ModelSummary& model) {
    json tensors = json::array();
    for (const engine::TensorSummary& tensor : model.tensors) {
        tensors.push_back(
            {{"name", tensor.name}, {"type", tensor.type}, {"dims", tensor.dims}, {"bytes", tensor.size_bytes}});
    }
    return tensors;
}

void print_model(const engine::ModelSummary& model, const std::string& variant, const PlannedMemory& memory) {
    std::string weights = human_bytes(model.weight_bytes);
    for (const auto& [type, bytes] : model.bytes_by_type) weights += fmt::format("  {} {}", type, human_bytes(bytes));
    print_paragraph(fmt::format("{}  {}  ({})", variant, model.name, model.format));
    if (!model.licence.name.empty())
        print_facts({{"licence", fmt::format("{} ({})", model.licence.name, model.licence.basis)}});
    print_facts({{"fingerprint", model.fingerprint},
                 {"shape", fmt::format("dim {}, {} layers, {} heads of {}, {} kv heads, ffn {}, context {}", model.dim,
                                       model.layers, model.heads, model.head_dim, model.kv_heads, model.ffn,
                                       model.context_length)},
                 {"constants", fmt::format("norm epsilon {:g}, rope theta {:g}", model.norm_epsilon, model.rope_theta)},
                 {"parameters", std::to_string(model.parameters)},
                 {"weights", weights}});
    if (model.refusal.empty()) {
        print_memory(memory);
    } else {
        print_paragraph("'run' refuses this model: " + model.refusal);
    }
    for (const std::string& warning : model.warnings) print_paragraph("warning: " + warning);
}

void print_tensors(const std::vector<engine::TensorSummary>& tensors) {
    using reports::sections::Column;
    auto table = table_of(
        {{"tensor", Column::Key}, {"type", Column::Text}, {"bytes", Column::Number}, {"dimensions", Column::Text}});
    for (const engine::TensorSummary& tensor : tensors) {
        table.rows.push_back({tensor.name, tensor.type, std::to_string(tensor.size_bytes),
                              fmt::format("[{}]", fmt::join(tensor.dims, ", "))});
    }
    print_table(table);
}

ExitCode inspect(const InspectOptions& options) {
    const model::ModelSource source(options.model);
    const engine::ModelSummary model = engine::summarise_model(source.path(), options.engine.context);
    const PlannedMemory memory = planned(source.path(), model, options.engine);
    if (options.json) {
        json shown = to_json(model, source.variant(), memory);
        if (options.tensors) shown["tensors"] = tensors_json(model);
        print_json(shown);
        return ExitCode::Done;
    }
    print_model(model, source.variant(), memory);
    if (options.tensors) print_tensors(model.tensors);
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
