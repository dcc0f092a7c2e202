#pragma once

#include <string>
#include <vector>

#include "engine/language_model.hpp"

namespace harness::cli {

/// A user's message in the Llama 2 chat format.
std::vector<engine::TokenId> chat_ids(const engine::Tokenizer& tokenizer, const std::string& system_prompt,
                                      const std::string& text);

/// Throws UsageError for a system prompt without --chat.
void require_chat_for_system(bool chat, const std::string& system_prompt);

}  // namespace harness::cli
