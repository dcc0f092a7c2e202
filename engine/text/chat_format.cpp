#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "engine/chat.hpp"
#include "engine/formats/printable.hpp"

namespace engine {
namespace {

struct Named {
    ChatFormat format;
    std::string_view name;
};
constexpr std::array kNames = {Named{ChatFormat::Plain, "plain"},   Named{ChatFormat::Llama2, "llama2"},
                               Named{ChatFormat::Vicuna, "vicuna"}, Named{ChatFormat::ChatMl, "chatml"},
                               Named{ChatFormat::Alpaca, "alpaca"}, Named{ChatFormat::Zephyr, "zephyr"}};

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

bool has_any(std::string_view text, std::initializer_list<std::string_view> parts) {
    return std::any_of(parts.begin(), parts.end(), [text](std::string_view part) { return has(text, part); });
}

/// Whether the template has literal words after `mark`; a message's text would start with a quote, a brace or another
/// sign of the template language.
bool has_words_after(std::string_view text, std::string_view mark) {
    for (std::size_t at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + 1)) {
        const std::size_t next = at + mark.size();
        if (next < text.size() && (std::isalpha(static_cast<unsigned char>(text[next])) != 0 || text[next] == '-'))
            return true;
    }
    return false;
}

/// Whether the template inserts its own system prompt when a dialogue has none; our formats do not.
bool has_own_system_prompt(std::string_view text) {
    return has(text, "You are") || has_words_after(text, "<|im_start|>system\\n") ||
           has_words_after(text, "<|im_start|>system\n") || has_words_after(text, "system_message = '") ||
           has_words_after(text, "system_message = \"");
}

/// Llama 2's format has the `<<SYS>>` part, which Mistral's formats lack. Early Llama 2 templates contain a default
/// system prompt and insert it with the condition `true == true`.
bool is_llama2(std::string_view text) {
    return has(text, "[INST]") && has(text, "[/INST]") && has(text, "<<SYS>>") &&
           !has_any(text, {"true == true", "[SYSTEM_PROMPT]", "[AVAILABLE_TOOLS]"});
}

bool is_chatml(std::string_view text) {
    return has(text, "<|im_start|>") && has(text, "<|im_end|>") &&
           !has_any(text, {"<|im_sep|>", "<end_of_utterance>"}) && !has_own_system_prompt(text);
}

/// In Zephyr's format all turns end with EOS, including the user's; in other formats with these marks they do not.
bool is_zephyr(std::string_view text) {
    const std::size_t user = text.find("<|user|>");
    if (user == std::string_view::npos || !has(text, "<|assistant|>") || has_own_system_prompt(text)) return false;
    const std::string_view turn = text.substr(user + 1, text.find("<|", user + 1) - user - 1);
    return has_any(turn, {"eos_token", "</s>"}) && !has_any(text, {"<|end|>", "<|endoftext|>", "[gMASK]"});
}

bool is_vicuna(std::string_view text) {
    return has(text, "USER: ") && has(text, "ASSISTANT:") && has(text, "A chat between a curious user and") &&
           !has(text, "SYSTEM: ");
}

bool is_alpaca(std::string_view text) {
    return has(text, "### Instruction:") && has(text, "### Response:") &&
           has(text, "Below is an instruction that describes a task.") &&
           !has_any(text, {"### Response:\\n", "### Response:\n", "<|EOT|>"});
}

}  // namespace

std::string_view to_string(ChatFormat format) {
    return kNames.at(static_cast<std::size_t>(format)).name;
}

std::optional<ChatFormat> chat_format_named(std::string_view name) {
    for (const Named& one : kNames) {
        if (one.name == name) return one.format;
    }
    return std::nullopt;
}

std::vector<std::string> chat_format_names() {
    std::vector<std::string> names;
    names.reserve(kNames.size());
    for (const Named& one : kNames) names.emplace_back(one.name);
    return names;
}

std::optional<ChatFormat> detect_chat_format(std::string_view chat_template) {
    if (chat_template.empty()) return ChatFormat::Plain;
    std::vector<ChatFormat> found;
    if (is_llama2(chat_template)) found.push_back(ChatFormat::Llama2);
    if (is_chatml(chat_template)) found.push_back(ChatFormat::ChatMl);
    if (is_zephyr(chat_template)) found.push_back(ChatFormat::Zephyr);
    if (is_vicuna(chat_template)) found.push_back(ChatFormat::Vicuna);
    if (is_alpaca(chat_template)) found.push_back(ChatFormat::Alpaca);
    return found.size() == 1 ? std::optional(found[0]) : std::nullopt;
}

ChatFormat choose_chat_format(const Tokenizer& tokenizer, std::string_view asked, std::string_view model) {
    if (!asked.empty()) {
        if (const auto named = chat_format_named(asked)) return *named;
        throw EngineError(EngineError::Kind::Input,
                          fmt::format("'{}' is not a chat format; known: {}", formats::printable(asked),
                                      fmt::join(chat_format_names(), ", ")));
    }
    if (const auto found = detect_chat_format(tokenizer.chat_template())) return *found;
    throw EngineError(
        EngineError::Kind::Input,
        fmt::format("{}: the chat template has none of the known formats ({}); it begins '{}'. --chat-format NAME uses "
                    "one of them instead",
                    model, fmt::join(chat_format_names(), ", "), formats::printable(tokenizer.chat_template())));
}

}  // namespace engine
