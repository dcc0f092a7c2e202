#include "engine/chat.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace engine {
namespace {

/// The default system messages that Vicuna and Alpaca were trained with.
constexpr std::string_view kVicunaSystem =
    "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, "
    "detailed, and polite answers to the user's questions.";
constexpr std::string_view kAlpacaSystem =
    "Below is an instruction that describes a task. Write a response that appropriately completes the request.";

/// Length in bytes of the white-space character at the start of `text`; 0 when there is none. White space as in
/// Python's str.strip(), which Meta's code uses for the format.
std::size_t space_length(std::string_view text) {
    constexpr std::array<std::string_view, 19> kWide = {
        "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81", "\xE2\x80\x82", "\xE2\x80\x83",
        "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86", "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A",
        "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};
    if (text.empty()) return 0;
    const char first = text[0];
    if (first == ' ' || (first >= '\t' && first <= '\r') || (first >= '\x1C' && first <= '\x1F')) return 1;
    for (const std::string_view wide : kWide) {
        if (text.starts_with(wide)) return wide.size();
    }
    return 0;
}

std::string strip(std::string_view text) {
    while (const std::size_t length = space_length(text)) text.remove_prefix(length);
    for (std::size_t length = 1; length <= 3 && length <= text.size();) {
        if (space_length(text.substr(text.size() - length)) == length) {
            text.remove_suffix(length);
            length = 1;
        } else {
            ++length;
        }
    }
    return std::string(text);
}

/// A dialogue with its roles in the expected order.
struct Dialogue {
    std::optional<std::string> system;
    std::vector<std::string> turns;  ///< user and assistant in turn; an odd number
};

/// Checks the order of roles, which is the same for all formats.
Dialogue dialogue_of(std::span<const Message> messages) {
    Dialogue dialogue;
    if (!messages.empty() && messages[0].role == Role::System) {
        dialogue.system = messages[0].text;
        messages = messages.subspan(1);
    }
    for (const Message& message : messages) {
        const Role expected = dialogue.turns.size() % 2 == 0 ? Role::User : Role::Assistant;
        if (message.role != expected) {
            throw EngineError(EngineError::Kind::Input,
                              "a dialogue is: an optional system message, then user and assistant in turn");
        }
        dialogue.turns.push_back(message.text);
    }
    if (dialogue.turns.size() % 2 == 0)
        throw EngineError(EngineError::Kind::Input, "a dialogue must end with the user's message");
    return dialogue;
}

/// Builds a prompt from text and tokens.
class Builder {
public:
    explicit Builder(const Tokenizer& tokenizer) : tokenizer_(tokenizer) {}

    Builder& text(std::string_view part) {
        waiting_ += part;
        prompt_.text += part;
        return *this;
    }
    /// A mark of a format: a token if the vocabulary has it, else text.
    Builder& mark(std::string_view spelling) {
        if (const auto id = tokenizer_.special_id(spelling)) return token(*id, spelling);
        return text(spelling);
    }
    Builder& bos() { return token(tokenizer_.bos_id(), "<s>"); }
    Builder& eos() { return token(tokenizer_.eos_id(), "</s>"); }
    /// BOS if the vocabulary asks for it.
    Builder& start() { return tokenizer_.adds_bos() ? bos() : *this; }

    ChatPrompt finish(std::string_view continuation) {
        text(continuation);
        flush();
        return std::move(prompt_);
    }

private:
    Builder& token(TokenId id, std::string_view shown) {
        flush();
        prompt_.ids.push_back(id);
        prompt_.text += shown;
        return *this;
    }
    void flush() {
        const std::vector<TokenId> ids = tokenizer_.encode(waiting_, Bos::No);
        prompt_.ids.insert(prompt_.ids.end(), ids.begin(), ids.end());
        waiting_.clear();
    }

    const Tokenizer& tokenizer_;
    ChatPrompt prompt_;
    std::string waiting_;  // text not encoded yet
};

/// The messages, with a blank line between them.
void plain(const Dialogue& dialogue, Builder& to) {
    to.start();
    if (dialogue.system) to.text(*dialogue.system).text("\n\n");
    for (std::size_t i = 0; i < dialogue.turns.size(); ++i) to.text(i == 0 ? "" : "\n\n").text(dialogue.turns[i]);
}

/// As in Meta's reference code: each pair of turns is between BOS and EOS; texts are stripped as by Python.
void llama2(const Dialogue& dialogue, Builder& to) {
    for (std::size_t i = 0; i < dialogue.turns.size(); i += 2) {
        std::string user = dialogue.turns[i];
        if (i == 0 && dialogue.system) user.insert(0, fmt::format("<<SYS>>\n{}\n<</SYS>>\n\n", *dialogue.system));
        to.bos().text("[INST] ").text(strip(user)).text(" [/INST]");
        if (i + 1 < dialogue.turns.size()) to.text(" ").text(strip(dialogue.turns[i + 1])).text(" ").eos();
    }
}

/// FastChat's vicuna_v1.1.
void vicuna(const Dialogue& dialogue, Builder& to) {
    to.start().text(dialogue.system ? std::string_view(*dialogue.system) : kVicunaSystem).text(" ");
    for (std::size_t i = 0; i < dialogue.turns.size(); i += 2) {
        to.text("USER: ").text(dialogue.turns[i]).text(" ASSISTANT:");
        if (i + 1 < dialogue.turns.size()) to.text(" ").text(dialogue.turns[i + 1]).eos();
    }
}

void chatml(const Dialogue& dialogue, Builder& to) {
    const auto turn = [&to](std::string_view role, std::string_view text) {
        to.mark("<|im_start|>").text(role).text("\n").text(text).mark("<|im_end|>").text("\n");
    };
    to.start();
    if (dialogue.system) turn("system", *dialogue.system);
    for (std::size_t i = 0; i < dialogue.turns.size(); ++i) turn(i % 2 == 0 ? "user" : "assistant", dialogue.turns[i]);
    to.mark("<|im_start|>").text("assistant\n");
}

/// Stanford's format for one turn. With several turns each answer ends with EOS, as in training.
void alpaca(const Dialogue& dialogue, Builder& to) {
    to.start().text(dialogue.system ? std::string_view(*dialogue.system) : kAlpacaSystem).text("\n\n");
    for (std::size_t i = 0; i < dialogue.turns.size(); i += 2) {
        to.text("### Instruction:\n").text(dialogue.turns[i]).text("\n\n### Response:");
        if (i + 1 < dialogue.turns.size()) to.text(dialogue.turns[i + 1]).eos();
    }
}

void zephyr(const Dialogue& dialogue, Builder& to) {
    const auto turn = [&to](std::string_view role, std::string_view text) {
        to.mark(role).text("\n").text(text).eos().text("\n");
    };
    to.start();
    if (dialogue.system) turn("<|system|>", *dialogue.system);
    for (std::size_t i = 0; i < dialogue.turns.size(); ++i)
        turn(i % 2 == 0 ? "<|user|>" : "<|assistant|>", dialogue.turns[i]);
    to.mark("<|assistant|>").text("\n");
}

}  // namespace

ChatPrompt render(ChatFormat format, const Tokenizer& tokenizer, std::span<const Message> messages,
                  std::string_view continuation) {
    const Dialogue dialogue = dialogue_of(messages);
    Builder builder(tokenizer);
    switch (format) {
        case ChatFormat::Plain: plain(dialogue, builder); break;
        case ChatFormat::Llama2: llama2(dialogue, builder); break;
        case ChatFormat::Vicuna: vicuna(dialogue, builder); break;
        case ChatFormat::ChatMl: chatml(dialogue, builder); break;
        case ChatFormat::Alpaca: alpaca(dialogue, builder); break;
        case ChatFormat::Zephyr: zephyr(dialogue, builder); break;
    }
    return builder.finish(continuation);
}

}  // namespace engine
