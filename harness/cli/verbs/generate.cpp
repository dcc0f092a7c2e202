#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/language_model.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/chat_prompt.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/engine_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/model/model_source.hpp"
#include "harness/model/token_ids.hpp"

namespace harness::cli {
namespace {

struct GenerateOptions {
    std::string model;
    std::string prompt;
    std::optional<std::string> prompt_ids;  ///< comma-separated; instead of `prompt`
    bool show_ids = false;
    ChatOptions chat;
    std::uint32_t max_tokens = 256;
    engine::Sampling sampling;
    engine::EngineOptions engine;
    bool json = false;
};

ExitCode generate(const GenerateOptions& options) {
    check(options.chat);
    if (options.prompt_ids && (options.chat.chat || !options.prompt.empty())) {
        throw base::UsageError("--ids replaces --prompt and --chat; give only one of them");
    }
    const model::ModelSource source(options.model);
    const auto model = source.open(options.engine);
    const engine::Tokenizer& tokenizer = model->tokenizer();
    engine::GenerateRequest request;
    if (options.prompt_ids) {
        request.prompt = model::parse_ids(*options.prompt_ids, "--ids");
    } else if (options.chat.chat) {
        request.prompt = chat_ids(source, tokenizer, options.chat, options.prompt);
    } else {
        request.prompt = tokenizer.encode(options.prompt, engine::Bos::ModelDefault);
        if (request.prompt.empty()) request.prompt.push_back(tokenizer.bos_id());
    }
    const std::size_t context = model->context_length();
    if (request.prompt.size() >= context) {
        throw base::UsageError(
            fmt::format("the prompt has {} tokens; the model holds {} in all", request.prompt.size(), context));
    }
    request.max_tokens =
        static_cast<std::uint32_t>(std::min<std::size_t>(options.max_tokens, context - request.prompt.size()));
    request.sampling = options.sampling;
    const engine::GenerateResult result = model->generate({&request, 1}).at(0);
    if (options.json) {
        print_json({{"text", result.text}, {"ids", result.ids}, {"finish", engine::to_string(result.finish)}});
    } else {
        print("{}\n", Block{result.text});
        if (options.show_ids) print("{}\n", fmt::format("{}", fmt::join(result.ids, ",")));
    }
    return ExitCode::Done;
}

}  // namespace

void add_generate(Verb& root) {
    Verb& verb = root.verb("generate", "Continue a prompt");
    auto& options = verb.command(generate);
    verb.argument("MODEL", text_not_empty(options.model), kModelHelp).required();
    verb.option("--prompt", "TEXT", any_text(options.prompt), "Text to continue; empty: from BOS alone");
    verb.option(
            "--ids", "IDS",
            [&options](const std::vector<std::string>& words) {
                if (words.empty()) {
                    options.show_ids = true;
                } else {
                    options.prompt_ids = words.back();
                }
            },
            "With a value: the prompt as comma-separated ids, taken as they are. Alone: print the ids too")
        .arity = Arity::Optional;
    chat_options(verb, options.chat, "The prompt is a user's message in the model's chat format");
    verb.option("--max-tokens", "N", whole_number(options.max_tokens),
                "Maximum number of tokens to generate (default: 256)");
    json_flag(verb, options.json);
    verb.heading("Sampling");
    verb.option("--seed", "N", whole_number(options.sampling.seed), "Seed of the sampling (default: 1)").of_its_verb();
    sampling_options(verb, options.sampling.temperature, options.sampling.top_p, options.sampling.top_k);
    engine_options(verb, options.engine);
    options.engine.fingerprint = engine::Fingerprint::WhenAsked;  // it is not printed
    verb.example("bellwether generate demo:base --prompt 'One day Ada found'");
    verb.example("bellwether generate demo:chat --chat --prompt 'Hello' --temperature 0.8 --seed 7");
}

}  // namespace harness::cli
