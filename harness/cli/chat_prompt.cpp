#include "harness/cli/chat_prompt.hpp"

#include <fmt/format.h>

#include "engine/chat.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/print.hpp"

namespace harness::cli {

void chat_options(Verb& verb, ChatOptions& options, const std::string& help) {
    verb.flag("--chat", truth(options.chat), help);
    chat_format_option(verb, options.format);
    verb.option("--system", "TEXT", any_text(options.system_prompt), "System prompt, with --chat");
}

Option& chat_format_option(Verb& verb, std::string& format) {
    const OtherWords others = {{"mpt", "chatml"}, {"qwen", "chatml"}, {"none", "plain"}, {"raw", "plain"}};
    return verb.option("--chat-format", "NAME", word_of(format, engine::chat_format_names(), others),
                       fmt::format("Chat format in place of the one of the model's template: {}",
                                   fmt::join(engine::chat_format_names(), ", ")));
}

void check(const ChatOptions& options) {
    if (options.chat) return;
    if (!options.system_prompt.empty()) throw base::UsageError("--system needs --chat");
    if (!options.format.empty()) throw base::UsageError("--chat-format needs --chat");
}

std::vector<engine::TokenId> chat_ids(const model::ModelSource& source, const engine::Tokenizer& tokenizer,
                                      const ChatOptions& options, const std::string& text) {
    std::vector<engine::Message> messages;
    if (!options.system_prompt.empty()) messages.push_back({engine::Role::System, options.system_prompt});
    messages.push_back({engine::Role::User, text});
    const auto format = source.chat_format(tokenizer, options.format);
    if (format == engine::ChatFormat::Plain && options.format.empty()) {
        print_error("{} has no chat template: the prompt stays as it is; --chat-format NAME puts it into one\n",
                    source.variant());
    }
    return engine::render(format, tokenizer, messages).ids;
}

}  // namespace harness::cli
