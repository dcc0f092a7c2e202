#include "engine/chat.hpp"

#include <array>
#include <string_view>

namespace engine {
namespace {

/// Bytes of the white-space character at the start of `text`, 0 for another one: what Python's str.strip() takes off,
/// with which the format is defined.
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

/// Alternating user and assistant texts, the system message merged into the first user's.
std::vector<std::string> turns(std::span<const Message> messages) {
    std::vector<std::string> result;
    std::string system;
    if (!messages.empty() && messages[0].role == Role::System) {
        system = "<<SYS>>\n" + messages[0].text + "\n<</SYS>>\n\n";
        messages = messages.subspan(1);
    }
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const Role expected = i % 2 == 0 ? Role::User : Role::Assistant;
        if (messages[i].role != expected) {
            throw EngineError(EngineError::Kind::Input,
                              "a dialogue is: an optional system message, then user and assistant in turn");
        }
        result.push_back(strip(i == 0 ? system + messages[i].text : messages[i].text));
    }
    if (result.size() % 2 == 0)
        throw EngineError(EngineError::Kind::Input, "a dialogue must end with the user's message");
    return result;
}

}  // namespace

std::vector<TokenId> llama2_chat(const Tokenizer& tokenizer, std::span<const Message> messages) {
    const std::vector<std::string> texts = turns(messages);
    std::vector<TokenId> ids;
    for (std::size_t i = 0; i < texts.size(); i += 2) {
        const bool last = i + 1 == texts.size();
        std::string turn = "[INST] " + texts[i] + " [/INST]";
        if (!last) turn += " " + texts[i + 1] + " ";
        const std::vector<TokenId> encoded = tokenizer.encode(turn, Bos::Yes);
        ids.insert(ids.end(), encoded.begin(), encoded.end());
        if (!last) ids.push_back(tokenizer.eos_id());
    }
    return ids;
}

std::string llama2_chat_text(std::span<const Message> messages) {
    const std::vector<std::string> texts = turns(messages);
    std::string shown;
    for (std::size_t i = 0; i < texts.size(); i += 2) {
        shown += "<s>[INST] " + texts[i] + " [/INST]";
        if (i + 1 < texts.size()) shown += " " + texts[i + 1] + " </s>";
    }
    return shown;
}

}  // namespace engine
