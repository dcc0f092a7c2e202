#pragma once

#include <string>
#include <vector>

#include "engine/language_model.hpp"
#include "harness/cli/verb.hpp"
#include "harness/model/model_source.hpp"

namespace harness::cli {

/// What a verb is told of the chat format.
struct ChatOptions {
    bool chat = false;
    std::string format;  ///< its name; empty: the one of the model's template
    std::string system_prompt;
};

/// Adds --chat with this help, --chat-format and --system.
void chat_options(Verb& verb, ChatOptions& options, const std::string& help);
/// --chat-format alone, for verbs whose other options are their own.
Option& chat_format_option(Verb& verb, std::string& format);

/// Throws UsageError for a system prompt or a format without --chat.
void check(const ChatOptions& options);

/// The ids of one user's message in the chat format. Says on standard error where the model has none. Throws
/// EngineError (Input) when the model's template is none of the known formats.
std::vector<engine::TokenId> chat_ids(const model::ModelSource& source, const engine::Tokenizer& tokenizer,
                                      const ChatOptions& options, const std::string& text);

}  // namespace harness::cli
