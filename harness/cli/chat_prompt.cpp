#include "harness/cli/chat_prompt.hpp"

#include "engine/chat.hpp"
#include "harness/base/usage_error.hpp"

namespace harness::cli {

std::vector<engine::TokenId> chat_ids(const engine::Tokenizer& tokenizer, const std::string& system_prompt,
                                      const std::string& text) {
    std::vector<engine::Message> messages;
    if (!system_prompt.empty()) messages.push_back({engine::Role::System, system_prompt});
    messages.push_back({engine::Role::User, text});
    return engine::llama2_chat(tokenizer, messages);
}

void require_chat_for_system(bool chat, const std::string& system_prompt) {
    if (!chat && !system_prompt.empty()) throw base::UsageError("--system needs --chat");
}

}  // namespace harness::cli
