#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/language_model.hpp"
#include "harness/base/read_file.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/engine_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/model/encode.hpp"
#include "harness/model/model_source.hpp"
#include "suites/text.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;

struct PerplexityOptions {
    std::string model;
    std::string file;
    engine::EngineOptions engine;
    bool json = false;
};

ExitCode perplexity(const PerplexityOptions& options) {
    const std::string text = base::read_file(options.file);
    const model::ModelSource source(options.model);
    const auto model = source.open(options.engine);
    const engine::Tokenizer& tokenizer = model->tokenizer();
    const std::vector<engine::TokenId> ids = tokenizer.encode(text, engine::Bos::No);
    if (ids.empty()) throw base::UsageError(options.file + ": the file is empty; there is nothing to score");
    const auto windows = model::rolling_windows(ids, tokenizer.bos_id(), model->context_length());
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
        print_json(numbers);
        return ExitCode::Done;
    }
    const auto value = [&numbers](const char* name) { return numbers[name].get<double>(); };
    constexpr std::size_t kColumn = 18;
    print_facts({{"log-likelihood", fmt::format("{:.4f} nats", logprob)},
                 {"token perplexity",
                  fmt::format("{:.4f}  ({} tokens, the first after BOS)", value("token_perplexity"), ids.size())},
                 {"word perplexity", fmt::format("{:.4f}  ({} words)", value("word_perplexity"), words)},
                 {"byte perplexity", fmt::format("{:.4f}  ({} bytes)", value("byte_perplexity"), text.size())},
                 {"bits per byte", fmt::format("{:.4f}", value("bits_per_byte"))}},
                kColumn);
    return ExitCode::Done;
}

}  // namespace

void add_perplexity(Verb& root) {
    Verb& verb = root.verb("perplexity", "Rolling log-likelihood of a text file");
    auto& options = verb.command(perplexity);
    verb.argument("MODEL", text_not_empty(options.model), kModelHelp).required();
    verb.argument("FILE", text_not_empty(options.file), "Text file").required();
    json_flag(verb, options.json);
    engine_options(verb, options.engine);
    options.engine.fingerprint = engine::Fingerprint::WhenAsked;  // it is not printed
    verb.example("bellwether perplexity model.gguf book.txt");
}

}  // namespace harness::cli
