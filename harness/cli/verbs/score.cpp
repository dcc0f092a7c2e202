#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/language_model.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/engine_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/model/encode.hpp"
#include "harness/model/model_source.hpp"
#include "harness/model/token_ids.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;

struct ScoreOptions {
    std::string model;
    std::string context;
    std::string continuation;
    std::optional<std::string> context_ids;       ///< comma-separated; instead of `context`
    std::optional<std::string> continuation_ids;  ///< comma-separated; instead of `continuation`
    engine::EngineOptions engine;
    bool json = false;
};

ExitCode score(const ScoreOptions& options) {
    const model::ModelSource source(options.model);
    const auto model = source.open(options.engine);
    const engine::Tokenizer& tokenizer = model->tokenizer();
    engine::ScoreRequest request;
    if (!options.context_ids && !options.continuation_ids) {
        if (options.continuation.empty()) throw base::UsageError("score needs a --continuation that is not empty");
        request = model::encode_pair(tokenizer, options.context, options.continuation, model::BosProfile::ModelDefault,
                                     model->context_length());
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
        print_json({{"logprob", result.logprob()},
                    {"greedy", result.greedy()},
                    {"context_tokens", request.context.size()},
                    {"tokens", std::move(tokens)}});
        return ExitCode::Done;
    }
    print("{:>6}  {:>12}  {:<6}  {}\n", "id", "logprob", "greedy", "piece");
    for (const engine::TokenScore& token : result.tokens) {
        print("{:>6}  {:>12.6f}  {:<6}  {}\n", token.id, token.logprob, token.greedy ? "yes" : "no",
              tokenizer.piece(token.id));
    }
    print_paragraph(fmt::format("log-probability {:.6f} over {} tokens after {} of context; {}", result.logprob(),
                                result.tokens.size(), request.context.size(),
                                result.greedy() ? "greedy" : "not greedy"));
    return ExitCode::Done;
}

}  // namespace

void add_score(Verb& root) {
    Verb& verb = root.verb("score", "Log-probability of a continuation, token by token");
    auto& options = verb.command(score);
    verb.argument("MODEL", text_not_empty(options.model), kModelHelp).required();
    verb.option("--context", "TEXT", any_text(options.context), "Text before the continuation").of_its_verb();
    verb.option("--continuation", "TEXT", any_text(options.continuation), "Text to score");
    verb.option("--context-ids", "IDS", any_text(options.context_ids), "Comma-separated ids, taken as they are");
    verb.option("--continuation-ids", "IDS", any_text(options.continuation_ids),
                "Comma-separated ids, taken as they are");
    json_flag(verb, options.json);
    engine_options(verb, options.engine, ContextOption::No);
    options.engine.fingerprint = engine::Fingerprint::WhenAsked;  // it is not printed
    verb.example("bellwether score demo:base --context 'The sky is' --continuation ' blue'");
}

}  // namespace harness::cli
