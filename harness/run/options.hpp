#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/encode.hpp"
#include "suites/task.hpp"

namespace harness::run {

/// What is done with text of a chat prompt that spells a mark of a chat format, such as "[INST]" or "</s>".
enum class MarksInText {
    Neutralise,  ///< a space goes into the mark
    Reject,      ///< the item is an error
    Pass,        ///< asked as it is
};

std::string_view to_string(MarksInText marks);

/// What a run asks and how. All of it is part of the plan hash except the place of the data: the rendered requests
/// are hashed instead.
struct RunOptions {
    std::string data_dir;
    std::string cache_dir;                 ///< where data that `data_dir` does not have is looked for; empty: nowhere
    std::optional<std::size_t> limit;      ///< documents per task; none: all
    std::optional<std::uint32_t> fewshot;  ///< few-shot examples; none: each task's own number
    std::uint64_t seed = 1234;             ///< of the few-shot draws
    model::BosProfile bos = model::BosProfile::ModelDefault;
    std::uint64_t sampling_seed = 1;
    float temperature = 0.0F;
    float top_p = 1.0F;
    std::uint32_t top_k = 0;
    bool chat = false;  ///< put every prompt into the chat format, not those of chat tasks alone
    engine::ChatFormat chat_format = engine::ChatFormat::Llama2;
    std::string system_prompt;     ///< chat only
    std::string system_name = {};  ///< what people call it: "llama2", or its file; empty: it has no name
    bool no_system = false;        ///< leaves out the system prompts of tasks too
    MarksInText marks = MarksInText::Neutralise;
    std::optional<std::uint32_t> max_prompt_tokens = {};  ///< longer prompts of generations are errors; none: what fits
    std::optional<std::uint32_t> max_tokens = {};         ///< of each generation; none: the task's
    std::optional<std::uint32_t> samples = {};            ///< generations of each prompt; none: the task's
    /// Ask even when the model's context has no room for the whole question (or, in the chat format, for the whole
    /// prompt); otherwise such an item is an error.
    bool cut_questions = false;

    suites::DataFolders data() const {
        return suites::DataFolders(cache_dir.empty() || cache_dir == data_dir ? std::vector{data_dir}
                                                                              : std::vector{data_dir, cache_dir});
    }
};

}  // namespace harness::run
