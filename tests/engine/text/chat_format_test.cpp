#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/chat.hpp"
#include "tests/engine/gguf_writer.hpp"

using engine::ChatFormat;
using engine::detect_chat_format;

namespace {

// Templates as published models carry them, shortened where that does not matter.
constexpr const char* kLlama2 =
    "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = "
    "messages[0]['content'] %}{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif "
    "%}{% "
    "for message in loop_messages %}{% if loop.index0 == 0 and system_message != false %}{% set content = '<<SYS>>\\n' "
    "+ "
    "system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}{% else %}{% set content = message['content'] %}{% "
    "endif "
    "%}{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}{% elif "
    "message['role'] == 'assistant' %}{{ ' ' + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}";
constexpr const char* kMistral =
    "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + "
    "' "
    "[/INST]' }}{% elif message['role'] == 'assistant' %}{{ message['content'] + eos_token }}{% endif %}{% endfor %}";
constexpr const char* kChatMl =
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + "
    "'\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
constexpr const char* kQwen =
    "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\\nYou "
    "are "
    "a helpful assistant.<|im_end|>\\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + "
    "'<|im_end|>' + '\\n'}}{% endfor %}";
constexpr const char* kMpt =
    "{% if messages[0]['role'] == 'system' %}{% set system_message = messages[0]['content'] %}{% else %}{% set "
    "system_message = 'A conversation between a user and an LLM-based AI assistant.' %}{% endif %}{{ "
    "'<|im_start|>system\\n' + system_message }}<|im_end|>";
constexpr const char* kZephyr =
    "{% for message in messages %}\n{% if message['role'] == 'user' %}\n{{ '<|user|>\\n' + message['content'] + "
    "eos_token "
    "}}\n{% elif message['role'] == 'system' %}\n{{ '<|system|>\\n' + message['content'] + eos_token }}\n{% elif "
    "message['role'] == 'assistant' %}\n{{ '<|assistant|>\\n'  + message['content'] + eos_token }}\n{% endif %}\n{% if "
    "loop.last and add_generation_prompt %}\n{{ '<|assistant|>' }}\n{% endif %}\n{% endfor %}";
constexpr const char* kFalcon3 =
    "{% for message in messages %}{% if message['role'] == 'user' %}{{ '<|user|>\\n' + message['content'] + '\\n' }}{% "
    "elif message['role'] == 'assistant' %}{{ '<|assistant|>\\n' + message['content'] + eos_token + '\\n' }}{% endif "
    "%}{% endfor %}";
constexpr const char* kVicuna =
    "{% if messages[0]['role'] == 'system' %}{% set system_message = messages[0]['content'] %}{% else %}{% set "
    "system_message = 'A chat between a curious user and an artificial intelligence assistant. The assistant gives "
    "helpful, detailed, and polite answers to the user\\'s questions.' %}{% endif %}{{ system_message }}{% for message "
    "in "
    "messages %}{% if message['role'] == 'user' %}{{ ' USER: ' + message['content'] }}{% elif message['role'] == "
    "'assistant' %}{{ ' ASSISTANT: ' + message['content'] + eos_token }}{% endif %}{% endfor %}{{ ' ASSISTANT:' }}";
constexpr const char* kAlpaca =
    "{{ 'Below is an instruction that describes a task. Write a response that appropriately completes the "
    "request.\\n\\n' }}{% for message in messages %}{% if message['role'] == 'user' %}{{ '### Instruction:\\n' + "
    "message['content'] + '\\n\\n' }}{% else %}{{ '### Response:' + message['content'] + eos_token }}{% endif %}{% "
    "endfor "
    "%}{{ '### Response:' }}";
constexpr const char* kDeepSeekCoder =
    "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'user' %}{{ '### Instruction:\\n' + "
    "message['content'] + '\\n' }}{% else %}{{ '### Response:\\n' + message['content'] + '\\n<|EOT|>\\n' }}{% endif "
    "%}{% "
    "endfor %}";
constexpr const char* kLlama3 =
    "{% for message in messages %}{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + "
    "message['content'] + '<|eot_id|>' }}{% endfor %}";

}  // namespace

TEST_SUITE("engine.text.chat_format") {
    TEST_CASE("the template of each known format is recognised") {
        CHECK(detect_chat_format("") == ChatFormat::Plain);
        CHECK(detect_chat_format(kLlama2) == ChatFormat::Llama2);
        CHECK(detect_chat_format(kChatMl) == ChatFormat::ChatMl);
        CHECK(detect_chat_format(
                  "{% for m in messages %}<|im_start|>{{m['role']}}\n{{m['content']}}<|im_end|>\n{% endfor "
                  "%}<|im_start|>assistant\n") == ChatFormat::ChatMl);
        CHECK(detect_chat_format(kZephyr) == ChatFormat::Zephyr);
        CHECK(detect_chat_format(kVicuna) == ChatFormat::Vicuna);
        CHECK(detect_chat_format(kAlpaca) == ChatFormat::Alpaca);
    }

    TEST_CASE("a template of another format or with its own system prompt is not recognised") {
        for (const char* other : {kMistral, kQwen, kMpt, kFalcon3, kDeepSeekCoder, kLlama3, "x", "{{ messages }}"})
            CHECK_FALSE(detect_chat_format(other));
        const std::string early =
            std::string("{% if true == true and not '<<SYS>>' in messages[0]['content'] %}") + kLlama2;
        CHECK_FALSE(detect_chat_format(early));
    }

    TEST_CASE("every format has a name and every name a format") {
        CHECK(engine::chat_format_names() ==
              std::vector<std::string>{"plain", "llama2", "vicuna", "chatml", "alpaca", "zephyr"});
        for (const ChatFormat format : {ChatFormat::Plain, ChatFormat::Llama2, ChatFormat::Vicuna, ChatFormat::ChatMl,
                                        ChatFormat::Alpaca, ChatFormat::Zephyr})
            CHECK(engine::chat_format_named(engine::to_string(format)) == format);
        CHECK_FALSE(engine::chat_format_named("Llama2"));
    }

    TEST_CASE("the template of a file decides unless a format is requested") {
        const auto open = [](const char* chat_template) {
            auto writer = gguf_test::SmallVocabulary().writer();
            if (chat_template != nullptr) writer.key_text("tokenizer.chat_template", chat_template);
            const gguf_test::TemporaryFile file(writer.str());
            return engine::open_tokenizer(file.path());
        };
        using engine::choose_chat_format;
        CHECK(choose_chat_format(*open(nullptr), "", "m") == ChatFormat::Plain);
        CHECK(choose_chat_format(*open(kChatMl), "", "m") == ChatFormat::ChatMl);
        CHECK(choose_chat_format(*open(kChatMl), "zephyr", "m") == ChatFormat::Zephyr);
        const auto complaint = [&](const char* chat_template, const char* asked) -> std::string {
            try {
                choose_chat_format(*open(chat_template), asked, "model.gguf");
                return "";
            } catch (const engine::EngineError& error) {
                CHECK(error.kind() == engine::EngineError::Kind::Input);
                return error.what();
            }
        };
        const std::string unknown = complaint(kLlama3, "");
        for (const char* words : {"model.gguf", "plain, llama2, vicuna, chatml, alpaca, zephyr", "--chat-format NAME",
                                  "<|start_header_id|>"})
            CHECK(unknown.find(words) != std::string::npos);
        CHECK(complaint(kLlama3, "chatml") == "");
        CHECK(complaint(kChatMl, "claude").find("'claude' is not a chat format; known: plain,") != std::string::npos);
    }
}
