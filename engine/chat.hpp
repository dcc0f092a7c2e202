#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/language_model.hpp"

namespace engine {

/// Format in which a dialogue is written for a model. engine/README.md shows each.
enum class ChatFormat { Plain, Llama2, Vicuna, ChatMl, Alpaca, Zephyr };

/// "plain", "llama2", "vicuna", "chatml", "alpaca", "zephyr"
std::string_view to_string(ChatFormat format);
/// nullopt for any other name.
std::optional<ChatFormat> chat_format_named(std::string_view name);
/// All names.
std::vector<std::string> chat_format_names();

/// The format that a Jinja template writes; Plain for an empty template. nullopt for a template of another format,
/// including one that inserts its own system prompt or separates messages in another way.
std::optional<ChatFormat> detect_chat_format(std::string_view chat_template);

/// The format named `asked`; when that is empty, the format of the model's template. `model` is the model's name in
/// error messages. Throws EngineError (Input) for an unknown name and for a template of another format.
ChatFormat choose_chat_format(const Tokenizer& tokenizer, std::string_view asked, std::string_view model);

/// The first mark of any chat format in the text, such as "[INST]", "<<SYS>>" or "</s>"; empty when there is none. Such
/// text never becomes a control token, but Llama 2's marks are ordinary text, so a user's "[/INST]" looks to the model
/// like the end of the user's turn.
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
    std::string text;  ///< for people, not for encoding: shows BOS and EOS as `<s>` and `</s>`
};

/// Writes a dialogue up to the answer. `messages`: an optional system message, then user and assistant in turn, ending
/// with the user. `continuation` is appended as the start of the answer and encoded together with the text before it.
///
/// A format's marks, such as `<|im_start|>`, become single tokens if the vocabulary has them as control or user-defined
/// pieces, else they are encoded as text. Text between such tokens is encoded like any other text, with a space in
/// front. Messages are plain text: no part of them becomes BOS, EOS or a control token. Throws EngineError (Input) for
/// another order of roles.
ChatPrompt render(ChatFormat format, const Tokenizer& tokenizer, std::span<const Message> messages,
                  std::string_view continuation = {});

}  // namespace engine
