#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/language_model.hpp"

namespace engine {

/// How a dialogue is written for a model. engine/README.md shows each.
enum class ChatFormat { Plain, Llama2, Vicuna, ChatMl, Alpaca, Zephyr };

/// "plain", "llama2", "vicuna", "chatml", "alpaca", "zephyr"
std::string_view to_string(ChatFormat format);
/// nullopt for any other name.
std::optional<ChatFormat> chat_format_named(std::string_view name);
/// All names.
std::vector<std::string> chat_format_names();

/// The format that a Jinja template writes: Plain for an empty template. nullopt for one that is none of ours, which
/// includes templates that put in a system prompt of their own or part the messages in another way.
std::optional<ChatFormat> detect_chat_format(std::string_view chat_template);

/// The format named `asked`, or where that is empty the one of the model's template. `model` names it in messages.
/// Throws EngineError (Input) for an unknown name and for a template that is none of ours.
ChatFormat choose_chat_format(const Tokenizer& tokenizer, std::string_view asked, std::string_view model);

/// The first text that spells a mark of any chat format, such as "[INST]", "<<SYS>>" or "</s>"; empty when there is
/// none. Such text never becomes a control token, but Llama 2's marks are ordinary text, so that a user's "[/INST]"
/// looks to the model like the end of the user's turn.
std::string_view find_chat_mark(std::string_view text);
/// The text with a space after the first character of every such mark ("[ /INST]"), so that no mark is left.
std::string neutralise_chat_marks(std::string_view text);

enum class Role { System, User, Assistant };

struct Message {
    Role role = Role::User;
    std::string text;
};

/// A dialogue as a model reads it.
struct ChatPrompt {
    std::vector<TokenId> ids;
    std::string text;  ///< for people, not for encoding: `<s>` and `</s>` stand where BOS and EOS are among the ids
};

/// A dialogue: an optional system message, then user and assistant in turn, ending with the user; the answer follows.
/// `continuation` is put behind it as the start of the answer, and encoded together with the text before it.
///
/// A format's marks, such as `<|im_start|>`, are tokens of their own where the vocabulary has them as control or
/// user-defined pieces, and text otherwise. A stretch of text between such tokens is encoded like any other text, the
/// space in front included. Messages are text throughout: what they spell does not become BOS, EOS or a control token.
/// Throws EngineError (Input) for another order of roles.
ChatPrompt render(ChatFormat format, const Tokenizer& tokenizer, std::span<const Message> messages,
                  std::string_view continuation = {});

}  // namespace engine
