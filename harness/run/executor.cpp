#include "harness/run/executor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <variant>

#include "engine/chat.hpp"
#include "harness/run/code_grader.hpp"
#include "harness/run/item_rows.hpp"

namespace harness::run {
namespace {

using engine::TokenId;

std::uint32_t size_of(const std::vector<TokenId>& ids) {
    return static_cast<std::uint32_t>(ids.size());
}

}  // namespace

/// Engine requests of several items.
struct Executor::Batch {
    /// One per request of the suite, in order.
    struct Part {
        std::size_t scores = 0;  ///< number of its requests in `scored`; 0: it is the next one in `generated`
        std::size_t cut = 0;     ///< tokens cut on the left of the prompt
        std::uint32_t context_tokens = 0;
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
            store::ItemRow row = item_row(*items[0]);
            row.error = error.what();
            return {row};
        }
    }
    // One item causes the error: run each alone, which changes no answer.
    std::vector<store::ItemRow> rows;
    for (const suites::Item* item : items) {
        for (store::ItemRow& row : answer({item})) rows.push_back(std::move(row));
    }
    return rows;
}

namespace {

/// The engine's answers to a batch, read one request after the other.
class Answers {
public:
    Answers(std::vector<engine::ScoreResult> scores, std::vector<engine::GenerateResult> texts)
        : scores_(std::move(scores)), texts_(std::move(texts)) {}

    const engine::ScoreResult& next_score() { return scores_.at(score_++); }
    const engine::GenerateResult& next_text() { return texts_.at(text_++); }

private:
    std::vector<engine::ScoreResult> scores_;
    std::vector<engine::GenerateResult> texts_;
    std::size_t score_ = 0;
    std::size_t text_ = 0;
};

/// Marks an item whose log-probability is NaN as an error, like one that the model rejects.
void check_numbers(store::ItemRow& row) {
    for (std::size_t i = 0; i < row.requests.size(); ++i) {
        if (!std::isnan(row.requests[i].logprob)) continue;
        row.error = fmt::format(
            "the model's log-probability of request {} is not a number (NaN); the model file or its numerics are at "
            "fault",
            i);
        row.requests.clear();
    }
}

void add_text(const engine::GenerateResult& text, store::RequestRow& stored) {
    stored.output = text.text;
    stored.finish = engine::to_string(text.finish);
    for (const TokenId id : text.ids) stored.tokens.push_back({id, 0});
}

void add_score(const engine::ScoreResult& score, store::RequestRow& stored) {
    stored.logprob += score.logprob();
    stored.greedy = stored.greedy && score.greedy();
    for (const engine::TokenScore& token : score.tokens) stored.tokens.push_back({token.id, token.logprob});
}

}  // namespace

std::vector<store::ItemRow> Executor::ask(const std::vector<const suites::Item*>& items) {
    Batch batch;
    for (const suites::Item* item : items) {
        for (const suites::Request& request : item->requests) encode(*item, request, batch);
    }
    Answers answers(model_.score(batch.scored), model_.generate(batch.generated));

    std::vector<store::ItemRow> rows;
    std::vector<std::vector<suites::Response>> responses;
    std::size_t next = 0;
    for (const suites::Item* item : items) {
        rows.push_back(item_row(*item));
        responses.emplace_back();
        for (const suites::Request& request : item->requests) {
            const Batch::Part& part = batch.parts[next++];
            store::RequestRow stored = row_of(request);
            stored.context_tokens = part.context_tokens;
            stored.cut_tokens = part.cut;
            suites::Response response;
            if (part.scores == 0 && std::holds_alternative<suites::GenerateRequest>(request)) {
                const engine::GenerateResult& text = answers.next_text();
                add_text(text, stored);
                response.length_limited = text.finish == engine::Finish::Length;
            } else {
                stored.greedy = true;
                for (std::size_t i = 0; i < part.scores; ++i) add_score(answers.next_score(), stored);
            }
            if (suites::prompt_of(request) != nullptr) response.truncated = part.cut > 0;
            response.logprob = stored.logprob;
            response.greedy = stored.greedy;
            response.output = stored.output;
            responses.back().push_back(std::move(response));
            rows.back().requests.push_back(std::move(stored));
        }
        check_numbers(rows.back());
    }
    grade(items, responses, rows);
    return rows;
}

void Executor::grade(const std::vector<const suites::Item*>& items,
                     const std::vector<std::vector<suites::Response>>& responses, std::vector<store::ItemRow>& rows) {
    suites::Grader grader = grader_;
    if (code_ != nullptr && task_.runs_programs()) {
        // The programs are first collected and run in parallel, so that their outcomes are known when scores are
        // computed.
        code_->clear();
        const suites::Grader collecting = code_->collecting();
        for (std::size_t i = 0; i < items.size(); ++i) task_.grade(*items[i], responses[i], collecting);
        code_->run();
        grader = code_->grader();
    }
    std::vector<store::ItemRow> judged;
    for (std::size_t i = 0; i < items.size(); ++i) {
        try {
            if (rows[i].error.empty()) {
                add_grades(task_, task_.grade(*items[i], responses[i], grader), rows[i]);
            }
            judged.push_back(std::move(rows[i]));
        } catch (const NotJudgedError& error) {
            not_judged_.push_back(fmt::format("{} document {}: {}", task_.name(), items[i]->doc, error.what()));
        }
    }
    rows = std::move(judged);
}

store::RequestRow Executor::row_of(const suites::Request& request) const {
    const suites::Prompt* prompt = suites::prompt_of(request);
    return {.kind = std::string(suites::kind_name(request)),
            .context = prompt == nullptr ? "" : shown_prompt(*prompt),
            .continuation = shown_continuation(request)};
}

std::vector<suites::Message> Executor::turns(const suites::Prompt& prompt) const {
    const bool replaces = options_.no_system || !options_.system_prompt.empty();
    std::vector<suites::Message> turns;
    if (!options_.system_prompt.empty()) turns.push_back({suites::Role::System, options_.system_prompt});
    for (const suites::Message& turn : prompt.turns) {
        if (turn.role != suites::Role::System || !replaces) turns.push_back(turn);
    }
    return turns;
}

std::vector<engine::Message> Executor::messages(const suites::Prompt& prompt) const {
    std::vector<engine::Message> result;
    for (const suites::Message& turn : turns(prompt)) {
        // The command line's system prompt is the caller's own text.
        const bool is_own = turn.role == suites::Role::System && !options_.system_prompt.empty();
        result.push_back({model::role_of(turn.role), is_own ? turn.content : checked_text(turn.content)});
    }
    return result;
}

std::string Executor::checked_text(const std::string& text) const {
    if (options_.marks == MarksInText::Neutralise) return engine::neutralise_chat_marks(text);
    const std::string_view mark = engine::find_chat_mark(text);
    if (options_.marks == MarksInText::Reject && !mark.empty()) {
        throw engine::EngineError(
            engine::EngineError::Kind::Input,
            fmt::format(
                "the prompt's text spells {}, a mark of a chat format; --format-marks neutralise or pass asks it",
                mark));
    }
    return text;
}

std::string Executor::shown_prompt(const suites::Prompt& prompt) const {
    if (!chat()) return plain_prompt(prompt);
    return engine::render(options_.chat_format, model_.tokenizer(), messages(prompt)).text;
}

std::string Executor::plain_prompt(const suites::Prompt& prompt) const {
    return suites::plain_text(asks_chat() ? turns(prompt) : prompt.turns);
}

std::string Executor::shown_continuation(const suites::Request& request) const {
    const std::string& text = suites::scored_text(request);
    const auto* choice = std::get_if<suites::ChoiceRequest>(&request);
    return chat() && choice != nullptr ? text.substr(choice->delimiter_bytes) : text;
}

void Executor::check_cut(const suites::Prompt& prompt, std::size_t cut) const {
    if (cut == 0 || options_.cut_questions) return;
    std::size_t before = 0;  // tokens that may be cut: the few-shot examples'
    if (!chat()) {
        const std::string text = plain_prompt(prompt);
        const std::string examples = text.substr(0, text.size() - std::min(text.size(), prompt.question_bytes));
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

void Executor::check_prompt_limit(std::size_t tokens) const {
    if (!options_.max_prompt_tokens || tokens <= *options_.max_prompt_tokens) return;
    throw engine::EngineError(
        engine::EngineError::Kind::Input,
        fmt::format("the prompt has {} tokens, --max-prompt-tokens allows {}", tokens, *options_.max_prompt_tokens));
}

void Executor::encode(const suites::Item& item, const suites::Request& request, Batch& batch) const {
    if (const auto* rolling = std::get_if<suites::RollingRequest>(&request)) return encode_rolling(*rolling, batch);
    if (const auto* generate = std::get_if<suites::GenerateRequest>(&request))
        return encode_generate(item, *generate, batch);
    encode_continuation(*suites::prompt_of(request), shown_continuation(request), batch);
}

void Executor::encode_rolling(const suites::RollingRequest& request, Batch& batch) const {
    const engine::Tokenizer& tokenizer = model_.tokenizer();
    const auto windows = model::rolling_windows(encode_text(tokenizer, request.text, options_.bos), tokenizer.bos_id(),
                                                model_.card().context_length);
    batch.parts.push_back(
        {.scores = windows.size(), .cut = 0, .context_tokens = windows.empty() ? 0 : size_of(windows.front().context)});
    batch.scored.insert(batch.scored.end(), windows.begin(), windows.end());
}

void Executor::encode_continuation(const suites::Prompt& prompt, const std::string& continuation, Batch& batch) const {
    const engine::Tokenizer& tokenizer = model_.tokenizer();
    std::size_t cut = 0;
    if (chat()) {
        batch.scored.push_back(
            model::encode_chat_pair(options_.chat_format, tokenizer, messages(prompt), continuation));
    } else {
        batch.scored.push_back(model::encode_pair(tokenizer, plain_prompt(prompt), continuation, options_.bos,
                                                  model_.card().context_length, &cut));
        check_cut(prompt, cut);
    }
    batch.parts.push_back({.scores = 1, .cut = cut, .context_tokens = size_of(batch.scored.back().context)});
}

void Executor::encode_generate(const suites::Item& item, const suites::GenerateRequest& request, Batch& batch) const {
    const engine::Tokenizer& tokenizer = model_.tokenizer();
    const std::uint32_t length = model_.card().context_length;
    engine::GenerateRequest generate;
    generate.prompt = chat() ? engine::render(options_.chat_format, tokenizer, messages(request.prompt)).ids
                             : model::encode_text(tokenizer, plain_prompt(request.prompt), options_.bos);
    if (generate.prompt.empty()) generate.prompt.push_back(tokenizer.bos_id());
    check_prompt_limit(generate.prompt.size());
    // The prompt gets at least half of the context, whatever the task's max tokens; the output gets the rest.
    const std::size_t room = length - std::min(request.max_tokens, length / 2);
    const std::size_t cut = generate.prompt.size() - std::min(generate.prompt.size(), room);
    check_cut(request.prompt, cut);
    generate.prompt.erase(generate.prompt.begin(), generate.prompt.begin() + static_cast<std::ptrdiff_t>(cut));
    generate.max_tokens = std::min(request.max_tokens, length - size_of(generate.prompt));
    generate.stop = request.until;
    generate.sampling = {.temperature = request.temperature.value_or(options_.temperature),
                         .top_p = request.top_p.value_or(options_.top_p),
                         .top_k = options_.top_k,
                         .seed = options_.sampling_seed,
                         .item = item.doc,
                         .sample = request.sample};
    batch.generated.push_back(std::move(generate));
    batch.parts.push_back({.scores = 0, .cut = cut, .context_tokens = size_of(batch.generated.back().prompt)});
}

}  // namespace harness::run
