#include "engine/llama/warnings.hpp"

#include <cstdint>

#include "engine/llama/gguf_keys.hpp"

namespace engine::llama {
namespace {

/// 0 where there is no such number.
double number_of(const formats::Gguf& file, std::string_view key) {
    const auto found = file.metadata().find(key);
    if (found == file.metadata().end()) return 0;
    if (const auto* real = std::get_if<double>(&found->second)) return *real;
    if (const auto* integer = std::get_if<std::uint64_t>(&found->second)) return static_cast<double>(*integer);
    return 0;
}

}  // namespace

std::vector<std::string> warnings_of(const formats::Gguf& file, bool (*is_tokenizer_key)(std::string_view)) {
    std::vector<std::string> found;
    const double dim = number_of(file, "llama.embedding_length");
    const double context = number_of(file, "llama.context_length");
    const double epsilon = number_of(file, "llama.attention.layer_norm_rms_epsilon");
    const bool llama2_shape = dim == 4096 || dim == 5120 || dim == 8192;
    if (llama2_shape && context == 4096 && epsilon < 5e-6) {
        found.emplace_back(
            "norm epsilon is 1e-6 in a Llama 2 shape, whose models were trained with 1e-5: an early conversion?");
    }
    if (llama2_shape && context == 2048 && epsilon > 5e-6)
        found.emplace_back("context length 2048 in a Llama 2 shape, which has 4096: an early conversion?");
    if (!file.metadata().contains("tokenizer.ggml.model")) found.emplace_back("the file has no tokenizer");
    if (file.tensors().empty()) found.emplace_back("the file holds no tensors: a vocabulary only");
    for (std::string& unknown : unknown_keys(file, is_tokenizer_key)) found.push_back(std::move(unknown));
    return found;
}

}  // namespace engine::llama
