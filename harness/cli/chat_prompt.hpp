#pragma once

#include <string>
#include <vector>

#include "engine/language_model.hpp"
#include "harness/cli/verb.hpp"
#include "harness/model/model_source.hpp"

namespace harness::cli {

/// A verb's options for the chat format.
struct ChatOptions {
    bool chat = false;
    std::string format;  ///< name; empty: as in the model's template
    std::string system_prompt;
};

/// Adds --chat with the given help, --chat-format and --system.
void chat_options(Verb& verb, ChatOptions& options, const std::string& help);
/// Adds --chat-format only, for verbs that define the other options themselves.
Option& chat_format_option(Verb& verb, std::string& format);

/// Throws UsageError when a system prompt or a format is given without --chat.
void check(const ChatOptions& options);

/// Token ids of one user message in the chat format. Prints a note to standard error when the model has no chat format.
/// Throws EngineError (Input) when the model's template is not a known format.
std::vector<engine::TokenId> chat_ids(const model::ModelSource& source, const engine::Tokenizer& tokenizer,
                                      const ChatOptions& options, const std::string& text);

}  // namespace harness::cli
