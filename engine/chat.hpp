#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/language_model.hpp"

namespace engine {

enum class Role { System, User, Assistant };

struct Message {
    Role role = Role::User;
    std::string text;
};

/// Ids of a Llama 2 dialogue: an optional system message, then user and assistant in turn, ending
/// with the user. Each turn is encoded by itself between BOS and EOS; the last has no EOS and no
/// trailing space. Text that contains the format's tags stays ordinary text.
/// Throws EngineError (Input) for another order of roles.
std::vector<TokenId> llama2_chat(const Tokenizer& tokenizer, std::span<const Message> messages);

/// The dialogue as text, with `<s>` and `</s>` where `llama2_chat` puts BOS and EOS: for showing to people, not for
/// encoding.
std::string llama2_chat_text(std::span<const Message> messages);

}  // namespace engine
