#include "engine/formats/gguf/warnings.hpp"

#include <cstdint>

#include "engine/formats/gguf/hyperparameters.hpp"
#include "engine/formats/gguf/network_keys.hpp"

namespace engine::formats::gguf {
std::vector<std::string> warnings_of(const File& file) {
    std::vector<std::string> found;
    const Hyperparameters shape = declared_hyperparameters(file);
    const bool llama2_shape = shape.dim == 4096 || shape.dim == 5120 || shape.dim == 8192;
    // The first converters wrote 1e-6 for all models, which lowers scores without any error.
    if (llama2_shape && shape.context == 4096 && shape.norm_epsilon < 5e-6F) {
        found.emplace_back(
            "norm epsilon is 1e-6 in a Llama 2 shape, whose models were trained with 1e-5: an early conversion?");
    }
    if (llama2_shape && shape.context == 2048 && shape.norm_epsilon > 5e-6F)
        found.emplace_back("context length 2048 in a Llama 2 shape, which has 4096: an early conversion?");
    if (!file.metadata().contains("tokenizer.ggml.model")) found.emplace_back("the file has no tokenizer");
    if (file.tensors().empty()) found.emplace_back("the file holds no tensors: a vocabulary only");
    for (std::string& unknown : unknown_keys(file)) found.push_back(std::move(unknown));
    return found;
}

}  // namespace engine::formats::gguf
