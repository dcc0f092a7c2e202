#include "engine/model_summary.hpp"

#include "engine/formats/model_file.hpp"
#include "engine/llama/weights_plan.hpp"
#include "engine/text/tokenizer.hpp"

namespace engine {
namespace {

std::string refusal_of(const formats::ModelFile& file, std::uint32_t context) {
    constexpr std::uint32_t kLanes = 32;  // of any device: they change the padding only
    try {
        const formats::Hyperparameters shape = file.hyperparameters(context);
        text::check_pieces(file.path(), *text::make_tokenizer(file.path(), file.vocabulary()), shape.vocab);
        llama::plan_weights(file, shape, kLanes);
        return "";
    } catch (const EngineError& error) {
        if (error.kind() != EngineError::Kind::Input) throw;
        return error.what();
    }
}

}  // namespace

std::string refusal_of(const std::string& path, std::uint32_t context) {
    return refusal_of(*formats::open_model_file(path), context);
}

ModelSummary summarise_model(const std::string& path, std::uint32_t context) {
    const auto file = formats::open_model_file(path);
    ModelSummary summary;
    summary.format = file->format();
    summary.name = file->name();
    summary.architecture = file->architecture();
    summary.licence = file->licence();
    // Unchecked, so that files that cannot be run are shown too.
    const formats::Hyperparameters shape = file->declared_hyperparameters();
    summary.dim = shape.dim;
    summary.layers = shape.layers;
    summary.heads = shape.heads;
    summary.kv_heads = shape.kv_heads;
    summary.head_dim = shape.head_dim;
    summary.ffn = shape.ffn;
    summary.context_length = shape.context;
    summary.norm_epsilon = shape.norm_epsilon;
    summary.rope_theta = shape.rope_theta;
    summary.kv_bytes_per_token = std::uint64_t{2} * sizeof(float) * shape.layers * shape.kv_dim();
    for (const formats::TensorInfo& tensor : file->tensors()) {
        const std::string type(formats::layout_of(tensor.type).name);
        summary.parameters += tensor.columns() * tensor.rows();
        summary.weight_bytes += tensor.size_bytes;
        summary.bytes_by_type[type] += tensor.size_bytes;
        summary.tensors.push_back({tensor.name, type, tensor.dims, tensor.size_bytes});
    }
    summary.warnings = file->warnings();
    summary.refusal = refusal_of(*file, context);
    summary.fingerprint = file->fingerprint();
    file->check_unchanged();  // what was hashed is what was shown
    return summary;
}

}  // namespace engine
