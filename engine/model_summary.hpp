#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/licence.hpp"

namespace engine {

struct TensorSummary {
    std::string name;
    std::string type;                 ///< E.g. "Q4_0".
    std::vector<std::uint64_t> dims;  ///< In GGUF order: dims[0] is the row length.
    std::uint64_t size_bytes = 0;
};

/// What a model file states about itself, for display. Only the file's structure is checked, so that files which
/// open_model rejects and files with only a vocabulary can be shown too.
struct ModelSummary {
    std::string format;  ///< E.g. "GGUF v3".
    std::string name;    ///< Empty when the file has none.
    std::string architecture;
    Licence licence;
    std::string fingerprint;  ///< See ModelCard::fingerprint.
    std::uint32_t dim = 0;    ///< This and the following numbers: as the file states them; 0 when absent.
    std::uint32_t layers = 0;
    std::uint32_t heads = 0;
    std::uint32_t kv_heads = 0;
    std::uint32_t head_dim = 0;
    std::uint32_t ffn = 0;
    std::uint32_t context_length = 0;
    float norm_epsilon = 0;
    double rope_theta = 0;
    std::uint64_t parameters = 0;
    std::uint64_t weight_bytes = 0;
    std::map<std::string, std::uint64_t> bytes_by_type;
    std::uint64_t kv_bytes_per_token = 0;  ///< Keys and values of all layers, in f32.
    std::vector<TensorSummary> tensors;
    std::vector<std::string> warnings;  ///< See ModelCard::warnings.
    std::string refusal;                ///< See refusal_of().
};

/// Reads a file without a device. `context`: see refusal_of(). Throws EngineError (Input) for a file that is missing,
/// damaged or of no known format.
ModelSummary summarise_model(const std::string& path, std::uint32_t context = 0);

/// Why open_model refuses a model on every device, by the same checks; empty: it does not. `context`: longest sequence
/// in tokens, 0 for the model's own. Reads no weights. Throws like summarise_model().
std::string refusal_of(const std::string& path, std::uint32_t context = 0);

}  // namespace engine
