#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/model/encode.hpp"

namespace harness::run {

/// What a run asks and how. All of it is part of the plan hash except the place of the data: the rendered requests
/// are hashed instead.
struct RunOptions {
    std::string data_dir;
    std::optional<std::size_t> limit;      ///< documents per task; none: all
    std::optional<std::uint32_t> fewshot;  ///< few-shot examples; none: each task's own number
    std::uint64_t seed = 1234;             ///< of the few-shot draws
    model::BosProfile bos = model::BosProfile::ModelDefault;
    std::uint64_t sampling_seed = 1;
    float temperature = 0.0F;
    float top_p = 1.0F;
    std::uint32_t top_k = 0;
    bool chat = false;          ///< put every prompt into the model's chat format
    std::string system_prompt;  ///< chat only
    /// Ask even when the model's context has no room for the whole question (or, in the chat format, for the whole
    /// prompt); otherwise such an item is an error.
    bool cut_questions = false;
};

}  // namespace harness::run
