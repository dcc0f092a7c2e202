// Verbs that need a model and nothing else.

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/chat.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/text.hpp"
#include "harness/model/model_source.hpp"
#include "harness/model/token_ids.hpp"
#include "suites/wikitext.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;

std::vector<engine::TokenId> chat_ids(const engine::Tokenizer& tokenizer, const std::string& system_prompt,
                                      const std::string& text) {
    std::vector<engine::Message> messages;
    if (!system_prompt.empty()) messages.push_back({engine::Role::System, system_prompt});
    messages.push_back({engine::Role::User, text});
    return engine::llama2_chat(tokenizer, messages);
}

void require_chat_for_system(bool chat, const std::string& system_prompt) {
    if (!chat && !system_prompt.empty()) throw UsageError("--system needs --chat");
}

}  // namespace

ExitCode run_command(const PrintOptions& options) {
    fmt::print("{}", options.text);
    return ExitCode::Done;
}

ExitCode run_command(const TokenizeOptions& options) {
    require_chat_for_system(options.chat, options.system_prompt);
    if (options.chat && options.no_bos) throw UsageError("--chat always has BOS; leave --no-bos out");
    const model::ModelSource source(options.model);
    const auto tokenizer = engine::open_tokenizer(source.path());
    const std::vector<engine::TokenId> ids =
        options.chat ? chat_ids(*tokenizer, options.system_prompt, options.text)
                     : tokenizer->encode(options.text, options.no_bos ? engine::Bos::No : engine::Bos::ModelDefault);
    std::vector<std::string> pieces;
    for (const engine::TokenId id : ids) pieces.push_back(tokenizer->piece(id));
    if (options.json) {
        fmt::print("{}\n", to_line({{"ids", ids}, {"pieces", pieces}}));
    } else {
        for (std::size_t i = 0; i < ids.size(); ++i) fmt::print("{:>6}  {}\n", ids[i], printable(pieces[i]));
    }
    return ExitCode::Done;
}

ExitCode run_command(const GenerateOptions& options) {
    require_chat_for_system(options.chat, options.system_prompt);
    if (options.prompt_ids && (options.chat || !options.prompt.empty())) {
        throw UsageError("--ids takes the place of --prompt and --chat; give only one of them");
    }
    const model::ModelSource source(options.model);
    const auto model = source.open(options.engine);
    const engine::Tokenizer& tokenizer = model->tokenizer();
    engine::GenerateRequest request;
    if (options.prompt_ids) {
        request.prompt = model::parse_ids(*options.prompt_ids, "--ids");
    } else if (options.chat) {
        request.prompt = chat_ids(tokenizer, options.system_prompt, options.prompt);
    } else {
        request.prompt = tokenizer.encode(options.prompt, engine::Bos::ModelDefault);
        if (request.prompt.empty()) request.prompt.push_back(tokenizer.bos_id());
    }
    const std::size_t context = model->card().context_length;
    if (request.prompt.size() >= context) {
        throw UsageError(
            fmt::format("the prompt has {} tokens; the model holds {} in all", request.prompt.size(), context));
    }
    request.max_tokens =
        static_cast<std::uint32_t>(std::min<std::size_t>(options.max_tokens, context - request.prompt.size()));
    request.sampling = options.sampling;
    const engine::GenerateResult result = model->generate({&request, 1}).at(0);
    if (options.json) {
        fmt::print("{}\n",
                   to_line({{"text", result.text}, {"ids", result.ids}, {"finish", engine::to_string(result.finish)}}));
    } else {
        fmt::print("{}\n", printable(result.text));
        if (options.show_ids) fmt::print("{}\n", fmt::join(result.ids, ","));
    }
    return ExitCode::Done;
}

ExitCode run_command(const ScoreOptions& options) {
    const model::ModelSource source(options.model);
    const auto model = source.open(options.engine);
    const engine::Tokenizer& tokenizer = model->tokenizer();
    engine::ScoreRequest request;
    if (!options.context_ids && !options.continuation_ids) {
        if (options.continuation.empty()) throw UsageError("score needs a --continuation that is not empty");
        request = model::encode_pair(tokenizer, options.context, options.continuation, model::BosProfile::ModelDefault,
                                     model->card().context_length);
    } else {
        request.context = options.context_ids ? model::parse_ids(*options.context_ids, "--context-ids")
                                              : tokenizer.encode(options.context, engine::Bos::ModelDefault);
        request.continuation = options.continuation_ids
                                   ? model::parse_ids(*options.continuation_ids, "--continuation-ids")
                                   : tokenizer.encode(options.continuation, engine::Bos::No);
        if (request.context.empty()) request.context.push_back(tokenizer.bos_id());
    }
    const engine::ScoreResult result = model->score({&request, 1}).at(0);
    if (options.json) {
        json tokens = json::array();
        for (const engine::TokenScore& token : result.tokens) {
            tokens.push_back({{"id", token.id}, {"logprob", token.logprob}});
        }
        fmt::print("{}\n", to_line({{"logprob", result.logprob()},
                                    {"greedy", result.greedy()},
                                    {"context_tokens", request.context.size()},
                                    {"tokens", std::move(tokens)}}));
        return ExitCode::Done;
    }
    fmt::print("{:>6}  {:>12}  {:<6}  {}\n", "id", "logprob", "greedy", "piece");
    for (const engine::TokenScore& token : result.tokens) {
        fmt::print("{:>6}  {:>12.6f}  {:<6}  {}\n", token.id, token.logprob, token.greedy ? "yes" : "no",
                   printable(tokenizer.piece(token.id)));
    }
    fmt::print("log-probability {:.6f} over {} tokens after {} of context; {}\n", result.logprob(),
               result.tokens.size(), request.context.size(), result.greedy() ? "greedy" : "not greedy");
    return ExitCode::Done;
}

ExitCode run_command(const PerplexityOptions& options) {
    const std::string text = read_file(options.file);
    const model::ModelSource source(options.model);
    const auto model = source.open(options.engine);
    const engine::Tokenizer& tokenizer = model->tokenizer();
    const std::vector<engine::TokenId> ids = tokenizer.encode(text, engine::Bos::No);
    if (ids.empty()) throw UsageError(options.file + ": the file is empty; there is nothing to score");
    const auto windows = model::rolling_windows(ids, tokenizer.bos_id(), model->card().context_length);
    double logprob = 0;
    for (const engine::ScoreResult& result : model->score(windows)) logprob += result.logprob();
    const auto tokens = static_cast<double>(ids.size());
    const std::size_t words = suites::count_words(text);
    const auto bytes = static_cast<double>(text.size());
    const json numbers = {{"tokens", ids.size()},
                          {"words", words},
                          {"bytes", text.size()},
                          {"logprob", logprob},
                          {"token_perplexity", std::exp(-logprob / tokens)},
                          {"word_perplexity", std::exp(-logprob / static_cast<double>(words))},
                          {"byte_perplexity", std::exp(-logprob / bytes)},
                          {"bits_per_byte", -logprob / bytes / std::log(2.0)}};
    if (options.json) {
        fmt::print("{}\n", to_line(numbers));
        return ExitCode::Done;
    }
    fmt::print("log-likelihood    {:.4f} nats\n", logprob);
    fmt::print("token perplexity  {:.4f}  ({} tokens, the first after BOS)\n",
               numbers["token_perplexity"].get<double>(), ids.size());
    fmt::print("word perplexity   {:.4f}  ({} words)\n", numbers["word_perplexity"].get<double>(), words);
    fmt::print("byte perplexity   {:.4f}  ({} bytes)\n", numbers["byte_perplexity"].get<double>(), text.size());
    fmt::print("bits per byte     {:.4f}\n", numbers["bits_per_byte"].get<double>());
    return ExitCode::Done;
}

}  // namespace harness::cli
