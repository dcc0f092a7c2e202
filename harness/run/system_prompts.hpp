#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace harness::run {

/// A system prompt that people know by a name.
struct SystemPrompt {
    std::string name;
    std::string text;  ///< empty: none, not the task's either
};

/// "none"; "llama2" is Meta's default until 4 August 2023, which the Llama 2 paper gives to Llama 2-Chat, ChatGPT, PaLM
/// and Falcon; "mpt" and "vicuna" are those of the paper's table 31 for these models.
std::vector<std::string> system_prompt_names();

/// The prompt of this name, or of the file at this path, whose bytes are the prompt but for a line end at its end.
/// Throws base::UsageError for what is neither, and for a file that is empty, not UTF-8 or above 1 MiB.
SystemPrompt system_prompt_named(const std::string& name_or_file);

}  // namespace harness::run
