#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace harness::run {

/// A system prompt with a well-known name.
struct SystemPrompt {
    std::string name;
    std::string text;  ///< empty: no system prompt, also not the task's
};

/// Names: "none"; "llama2", Meta's default until 4 August 2023, which the Llama 2 paper gives to Llama 2-Chat, ChatGPT,
/// PaLM and Falcon; "mpt" and "vicuna", which table 31 of the paper gives for these models.
std::vector<std::string> system_prompt_names();

/// The prompt of this name, or the content of the file at this path without its final line end. Throws base::UsageError
/// if it is neither, and for a file that is empty, not UTF-8 or above 1 MiB.
SystemPrompt system_prompt_named(const std::string& name_or_file);

}  // namespace harness::run
