#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/encode.hpp"
#include "suites/task.hpp"

namespace harness::run {

/// What to do with text in a chat prompt that spells a mark of a chat format, such as "[INST]" or "</s>".
enum class MarksInText {
    Neutralise,  ///< inserts a space into the mark
    Reject,      ///< makes the item an error
    Pass,        ///< leaves the text unchanged
};

std::string_view to_string(MarksInText marks);

/// Settings of a run. All are part of the plan hash except the data folders: the rendered requests are hashed instead.
struct RunOptions {
    std::string data_dir;
    std::string cache_dir;                 ///< folder for data that `data_dir` lacks; empty: none
    std::optional<std::size_t> limit;      ///< documents per task; none: all
    std::optional<std::uint32_t> fewshot;  ///< few-shot examples; none: each task's own number
    std::uint64_t seed = 1234;             ///< seed for sampling few-shot examples
    model::BosProfile bos = model::BosProfile::ModelDefault;
    std::uint64_t sampling_seed = 1;
    float temperature = 0.0F;
    float top_p = 1.0F;
    std::uint32_t top_k = 0;
    bool chat = false;  ///< use the chat format for every prompt, not only for chat tasks
    engine::ChatFormat chat_format = engine::ChatFormat::Llama2;
    std::string system_prompt;     ///< chat only
    std::string system_name = {};  ///< display name: "llama2", or its file; empty: unnamed
    bool no_system = false;        ///< leave out the tasks' own system prompts as well
    MarksInText marks = MarksInText::Neutralise;
    std::optional<std::uint32_t> max_prompt_tokens = {};  ///< longer prompts of generations are errors; none: what fits
    std::optional<std::uint32_t> max_tokens = {};         ///< max tokens per generation; none: the task's
    std::optional<std::uint32_t> samples = {};            ///< generations per prompt; none: the task's
    /// Run items even when the model's context has no room for the whole question (in the chat format: the whole
    /// prompt); otherwise such an item is an error.
    bool cut_questions = false;

    suites::DataFolders data() const {
        return suites::DataFolders(cache_dir.empty() || cache_dir == data_dir ? std::vector{data_dir}
                                                                              : std::vector{data_dir, cache_dir});
    }
};

}  // namespace harness::run
