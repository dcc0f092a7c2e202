#include "harness/run/executor.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/chat.hpp"
#include "harness/run/code_grader.hpp"

namespace harness::run {
namespace {

using engine::TokenId;

store::ItemRow row_of(const suites::Item& item) {
    return {.doc = item.doc,
            .document_json = item.original.empty() ? item.document : item.original,
            .target = item.target,
            .error = "",
            .requests = {},
            .scores = {}};
}

std::vector<engine::Message> messages(const std::string& system_prompt, const std::string& prompt) {
    std::vector<engine::Message> result;
    if (!system_prompt.empty()) result.push_back({engine::Role::System, system_prompt});
    result.push_back({engine::Role::User, prompt});
    return result;
}

}  // namespace

/// What goes to the engine for several items.
struct Executor::Batch {
    /// For each request of the suite, in order.
    struct Part {
        std::size_t scores = 0;  ///< requests among `scored`; 0: it is the next of `generated`
        std::size_t cut = 0;     ///< tokens lost on the left of the prompt
    };
    std::vector<Part> parts;
    std::vector<engine::ScoreRequest> scored;
    std::vector<engine::GenerateRequest> generated;
};

std::vector<store::ItemRow> Executor::answer(const std::vector<const suites::Item*>& items) {
    try {
        return ask(items);
    } catch (const engine::EngineError& error) {
        if (error.kind() != engine::EngineError::Kind::Input) throw;
        if (items.size() == 1) {
            store::ItemRow row = row_of(*items[0]);
            row.error = error.what();
            return {row};
        }
    }
    // One item is at fault: each is asked alone, which changes no answer.
    std::vector<store::ItemRow> rows;
    for (const suites::Item* item : items) {
        for (store::ItemRow& row : answer({item})) rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<store::ItemRow> Executor::ask(const std::vector<const suites::Item*>& items) {
    Batch batch;
    for (const suites::Item* item : items) {
        for (const suites::Request& request : item->requests) encode(*item, request, batch);
    }
    const std::vector<engine::ScoreResult> scores = model_.score(batch.scored);
    const std::vector<engine::GenerateResult> texts = model_.generate(batch.generated);

    std::vector<store::ItemRow> rows;
    std::vector<std::vector<suites::Response>> answers;
    std::size_t next = 0;
    std::size_t next_score = 0;
    std::size_t next_text = 0;
    for (const suites::Item* item : items) {
        store::ItemRow row = row_of(*item);
        std::vector<suites::Response> responses;
        for (const suites::Request& request : item->requests) {
            const Batch::Part& part = batch.parts[next++];
            store::RequestRow stored{.kind = std::string(suites::to_string(request.kind)),
                                     .context = shown_prompt(request),
                                     .continuation = shown_continuation(request)};
            suites::Response response;
            if (request.kind == suites::RequestKind::Generate) {
                const engine::GenerateResult& text = texts[next_text];
                stored.output = text.text;
                stored.finish = engine::to_string(text.finish);
                stored.context_tokens = static_cast<std::uint32_t>(batch.generated[next_text].prompt.size());
                for (const TokenId id : text.ids) stored.tokens.push_back({id, 0});
                response.length_limited = text.finish == engine::Finish::Length;
                ++next_text;
            } else {
                stored.context_tokens =
                    static_cast<std::uint32_t>(part.scores == 0 ? 0 : batch.scored[next_score].context.size());
                stored.greedy = true;
                for (std::size_t i = 0; i < part.scores; ++i, ++next_score) {
                    stored.logprob += scores[next_score].logprob();
                    stored.greedy = stored.greedy && scores[next_score].greedy();
                    for (const engine::TokenScore& token : scores[next_score].tokens)
                        stored.tokens.push_back({token.id, token.logprob});
                }
            }
            if (request.kind != suites::RequestKind::Rolling) response.truncated = part.cut > 0;
            response.logprob = stored.logprob;
            response.greedy = stored.greedy;
            response.output = stored.output;
            responses.push_back(std::move(response));
            row.requests.push_back(std::move(stored));
        }
        answers.push_back(std::move(responses));
        rows.push_back(std::move(row));
    }
    grade(items, answers, rows);
    return rows;
}

void Executor::grade(const std::vector<const suites::Item*>& items,
                     const std::vector<std::vector<suites::Response>>& responses, std::vector<store::ItemRow>& rows) {
    suites::Graders graders = graders_;
    if (code_ != nullptr && task_.runs_code()) {
        // First the programs are collected and run side by side; their outcomes are known when it comes to scores.
        code_->clear();
        const suites::Graders collecting = code_->collecting();
        for (std::size_t i = 0; i < items.size(); ++i) task_.grade(*items[i], responses[i], collecting);
        code_->run();
        graders.merge(code_->graders());
    }
    std::vector<store::ItemRow> judged;
    for (std::size_t i = 0; i < items.size(); ++i) {
        try {
            suites::Explanations explanations;
            for (const auto& [metric, value] : task_.grade(*items[i], responses[i], graders, &explanations)) {
                const auto explained = explanations.find(metric);
                rows[i].scores.push_back({metric, value, explained == explanations.end() ? "" : explained->second});
            }
            judged.push_back(std::move(rows[i]));
        } catch (const NotJudgedError& error) {
            not_judged_.push_back(fmt::format("{} document {}: {}", task_.name(), items[i]->doc, error.what()));
        }
    }
    rows = std::move(judged);
}

std::string Executor::shown_prompt(const suites::Request& request) const {
    if (!chat() || request.kind == suites::RequestKind::Rolling) return request.context;
    return engine::llama2_chat_text(messages(options_.system_prompt, request.context));
}

std::string Executor::shown_continuation(const suites::Request& request) const {
    return chat() ? request.continuation.substr(request.delimiter_bytes) : request.continuation;
}

void Executor::check_cut(const suites::Request& request, std::size_t cut) const {
    if (cut == 0 || options_.cut_questions) return;
    std::size_t before = 0;  // tokens that may go: the examples'
    if (!chat()) {
        const std::string examples = request.context.substr(
            0, request.context.size() - std::min(request.context.size(), request.question_bytes));
        before = model::encode_text(model_.tokenizer(), examples, options_.bos).size();
    }
    if (cut <= before) return;
    throw engine::EngineError(
        engine::EngineError::Kind::Input,
        fmt::format(
            "the prompt is {} tokens too long for the model's context of {}, so the question itself would be cut; "
            "--cut-questions asks it all the same",
            cut, model_.card().context_length));
}

void Executor::encode(const suites::Item& item, const suites::Request& request, Batch& batch) const {
    switch (request.kind) {
        case suites::RequestKind::Choice: return encode_choice(request, batch);
        case suites::RequestKind::Generate: return encode_generate(item, request, batch);
        case suites::RequestKind::Rolling: break;
    }
    const engine::Tokenizer& tokenizer = model_.tokenizer();
    const auto windows = model::rolling_windows(encode_text(tokenizer, request.continuation, options_.bos),
                                                tokenizer.bos_id(), model_.card().context_length);
    batch.scored.insert(batch.scored.end(), windows.begin(), windows.end());
    batch.parts.push_back({.scores = windows.size(), .cut = 0});
}

void Executor::encode_choice(const suites::Request& request, Batch& batch) const {
    const engine::Tokenizer& tokenizer = model_.tokenizer();
    std::size_t cut = 0;
    if (chat()) {
        batch.scored.push_back(model::encode_chat_pair(tokenizer, messages(options_.system_prompt, request.context),
                                                       shown_continuation(request)));
    } else {
        batch.scored.push_back(model::encode_pair(tokenizer, request.context, request.continuation, options_.bos,
                                                  model_.card().context_length, &cut));
        check_cut(request, cut);
    }
    batch.parts.push_back({.scores = 1, .cut = cut});
}

void Executor::encode_generate(const suites::Item& item, const suites::Request& request, Batch& batch) const {
    const engine::Tokenizer& tokenizer = model_.tokenizer();
    const std::uint32_t length = model_.card().context_length;
    engine::GenerateRequest generate;
    generate.prompt = chat() ? engine::llama2_chat(tokenizer, messages(options_.system_prompt, request.context))
                             : model::encode_text(tokenizer, request.context, options_.bos);
    if (generate.prompt.empty()) generate.prompt.push_back(tokenizer.bos_id());
    generate.max_tokens = std::min(request.max_tokens, length / 2);
    const std::size_t room = length - generate.max_tokens;
    const std::size_t cut = generate.prompt.size() - std::min(generate.prompt.size(), room);
    check_cut(request, cut);
    generate.prompt.erase(generate.prompt.begin(), generate.prompt.begin() + static_cast<std::ptrdiff_t>(cut));
    generate.stop = request.until;
    generate.sampling = {.temperature = request.temperature.value_or(options_.temperature),
                         .top_p = request.top_p.value_or(options_.top_p),
                         .top_k = options_.top_k,
                         .seed = options_.sampling_seed,
                         .item = item.doc,
                         .sample = request.sample};
    batch.generated.push_back(std::move(generate));
    batch.parts.push_back({.scores = 0, .cut = cut});
}

}  // namespace harness::run
