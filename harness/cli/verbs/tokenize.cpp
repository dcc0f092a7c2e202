#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/language_model.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/chat_prompt.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/model/model_source.hpp"

namespace harness::cli {
namespace {

struct TokenizeOptions {
    std::string model;
    std::string text;
    bool no_bos = false;
    ChatOptions chat;
    bool json = false;
};

ExitCode tokenize(const TokenizeOptions& options) {
    check(options.chat);
    if (options.chat.chat && options.no_bos)
        throw base::UsageError("--chat has BOS where the format puts it; leave --no-bos out");
    const model::ModelSource source(options.model);
    const auto tokenizer = engine::open_tokenizer(source.path());
    const std::vector<engine::TokenId> ids =
        options.chat.chat
            ? chat_ids(source, *tokenizer, options.chat, options.text)
            : tokenizer->encode(options.text, options.no_bos ? engine::Bos::No : engine::Bos::ModelDefault);
    std::vector<std::string> pieces;
    pieces.reserve(ids.size());
    for (const engine::TokenId id : ids) pieces.push_back(tokenizer->piece(id));
    if (options.json) {
        print_json({{"ids", ids}, {"pieces", pieces}});
    } else {
        for (std::size_t i = 0; i < ids.size(); ++i) print("{:>6}  {}\n", ids[i], pieces[i]);
    }
    return ExitCode::Done;
}

}  // namespace

void add_tokenize(Verb& root) {
    Verb& verb = root.verb("tokenize", "Token ids and pieces of a text");
    auto& options = verb.command(tokenize);
    verb.argument("MODEL", text_not_empty(options.model),
                  "GGUF file (also vocabulary only), tokenizer.model, or demo:NAME")
        .required();
    verb.argument("TEXT", any_text(options.text), "The text; put -- before a text that starts with -").required();
    verb.flag("--no-bos", truth(options.no_bos), "Do not put BOS in front");
    chat_options(verb, options.chat, "TEXT is a user's message in the model's chat format");
    json_flag(verb, options.json);
    verb.example("bellwether tokenize demo:base 'One day Ada found a clock.'");
    verb.example("bellwether tokenize demo:chat --chat --system 'Be brief.' 'Hello' --json");
}

}  // namespace harness::cli
