#include "engine/text/chat.hpp"

namespace engine::text {
namespace {

std::string strip(const std::string& text) {
    constexpr const char* kSpace = " \t\n\r\f\v";
    const std::size_t first = text.find_first_not_of(kSpace);
    if (first == std::string::npos) return "";
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
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
            throw EngineError(EngineError::Kind::Input, "a dialogue is: an optional system message, then user and assistant in turn");
        }
        result.push_back(strip(i == 0 ? system + messages[i].text : messages[i].text));
    }
    if (result.size() % 2 == 0) throw EngineError(EngineError::Kind::Input, "a dialogue must end with the user's message");
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

}  // namespace engine::text
