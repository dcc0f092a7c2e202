#pragma once

#include <cstdint>
#include <string>

#include "engine/language_model.hpp"

namespace engine {

/// Device memory of a model in bytes, exact, known before anything is allocated.
struct MemoryUse {
    std::string device;
    std::uint32_t context = 0;       ///< Maximum tokens of a sequence.
    std::uint32_t batch_tokens = 0;  ///< Maximum tokens of a forward pass.
    /// Weights in device order, with padded rows. Excludes the embedding table, whose rows are read from the file,
    /// unless it is the output matrix too.
    std::uint64_t weight_bytes = 0;
    std::uint32_t cache_tokens = 0;  ///< Maximum tokens in the KV cache, all sequences together.
    std::uint64_t cache_bytes_per_token = 0;
    std::uint64_t cache_bytes = 0;
    std::uint64_t scratch_bytes = 0;  ///< Activations of a batch, and tables.
    std::uint64_t logit_bytes = 0;
    std::uint64_t total_bytes = 0;
    std::uint64_t limit_bytes = 0;      ///< Maximum of total_bytes.
    bool limit_is_asked = false;        ///< The limit is EngineOptions::memory_bytes, not most of the free memory.
    std::uint64_t available_bytes = 0;  ///< Free memory of the device.
    std::string refusal;                ///< Why the model does not fit and what to change; empty: it fits.
};

/// The memory that open_model would allocate. Throws EngineError (Input) for a file that is not a Llama model, (Device)
/// when there is no usable device.
MemoryUse plan_memory(const std::string& path, const EngineOptions& options);

}  // namespace engine
