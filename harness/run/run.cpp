#include "harness/run/run.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/text/chat.hpp"

namespace harness::run {
namespace {

using engine::TokenId;
using nlohmann::json;

engine::Bos bos_of(BosProfile profile) { return profile == BosProfile::None ? engine::Bos::No : engine::Bos::ModelDefault; }

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string sha256(const std::string& text) {
    std::array<unsigned char, 32> digest = {};
    if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) throw std::runtime_error("SHA-256 is not available");
    std::string hex;
    for (const unsigned char byte : digest) hex += fmt::format("{:02x}", byte);
    return hex;
}

std::string dump(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

json card_json(const engine::ModelCard& card) {
    return {{"name", card.name}, {"quantisation", card.quantisation}, {"parameters", card.parameters}, {"weight_bytes", card.weight_bytes},
            {"context_length", card.context_length}, {"device", card.device}, {"numerics", card.numerics}};
}

/// What a task asks, as text: part of the plan, so that changed data or examples are another run.
std::string rendered_hash(const std::vector<suites::Item>& items) {
    std::string all;
    for (const suites::Item& item : items) {
        json requests = json::array();
        for (const suites::Request& request : item.requests) {
            requests.push_back({request.context, request.continuation, request.until, request.max_tokens});
        }
        all += dump({item.doc, item.target, std::move(requests)}) + "\n";
    }
    return sha256(all);
}

/// Asks the model about items of one task and makes rows of its answers.
class Executor {
public:
    Executor(engine::LanguageModel& model, const suites::Task& task, const RunOptions& options, const suites::Graders& graders)
        : model_(model), task_(task), options_(options), graders_(graders) {}

    std::vector<store::ItemRow> answer(const std::vector<const suites::Item*>& items) {
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
        for (const suites::Item* item : items) rows.push_back(answer({item}).at(0));
        return rows;
    }

private:
    static store::ItemRow row_of(const suites::Item& item) {
        return {.doc = item.doc, .document_json = item.document, .target = item.target, .error = "", .requests = {}, .scores = {}};
    }

    std::vector<engine::text::Message> messages(const std::string& prompt) const {
        std::vector<engine::text::Message> result;
        if (!options_.system_prompt.empty()) result.push_back({engine::text::Role::System, options_.system_prompt});
        result.push_back({engine::text::Role::User, prompt});
        return result;
    }

    bool chat() const { return options_.chat || task_.chat(); }

    std::vector<store::ItemRow> ask(const std::vector<const suites::Item*>& items) {
        std::vector<engine::ScoreRequest> scored;
        std::vector<engine::GenerateRequest> generated;
        std::vector<std::size_t> parts;  // requests to the engine for each request of the suite, in order
        for (const suites::Item* item : items) {
            for (const suites::Request& request : item->requests) parts.push_back(encode(*item, request, scored, generated));
        }
        const std::vector<engine::ScoreResult> scores = model_.score(scored);
        const std::vector<engine::GenerateResult> texts = model_.generate(generated);

        std::vector<store::ItemRow> rows;
        std::size_t part = 0;
        std::size_t next_score = 0;
        std::size_t next_text = 0;
        for (const suites::Item* item : items) {
            store::ItemRow row = row_of(*item);
            std::vector<suites::Response> responses;
            for (const suites::Request& request : item->requests) {
                store::RequestRow stored{.kind = std::string(suites::to_string(request.kind)), .context = shown_prompt(request), .continuation = request.continuation,
                                         .output = "", .finish = "", .logprob = 0, .greedy = false, .context_tokens = 0, .tokens = {}};
                if (request.kind == suites::RequestKind::Generate) {
                    const engine::GenerateResult& text = texts[next_text];
                    stored.output = text.text;
                    stored.finish = engine::to_string(text.finish);
                    stored.context_tokens = static_cast<std::uint32_t>(generated[next_text].prompt.size());
                    for (const TokenId id : text.ids) stored.tokens.push_back({id, 0});
                    ++next_text;
                } else {
                    stored.context_tokens = static_cast<std::uint32_t>(parts[part] == 0 ? 0 : scored[next_score].context.size());
                    stored.greedy = true;
                    for (std::size_t i = 0; i < parts[part]; ++i, ++next_score) {
                        stored.logprob += scores[next_score].logprob();
                        stored.greedy = stored.greedy && scores[next_score].greedy();
                        for (const engine::TokenScore& token : scores[next_score].tokens) stored.tokens.push_back({token.id, token.logprob});
                    }
                }
                responses.push_back({stored.logprob, stored.greedy, stored.output});
                row.requests.push_back(std::move(stored));
                ++part;
            }
            for (const auto& [metric, value] : task_.grade(*item, responses, graders_)) row.scores.push_back({metric, value});
            rows.push_back(std::move(row));
        }
        return rows;
    }

    std::string shown_prompt(const suites::Request& request) const {
        return chat() && request.kind != suites::RequestKind::Rolling ? engine::text::llama2_chat_text(messages(request.context)) : request.context;
    }

    /// Adds the engine's requests for one of the suite's; returns how many.
    std::size_t encode(const suites::Item& item, const suites::Request& request, std::vector<engine::ScoreRequest>& scored,
                       std::vector<engine::GenerateRequest>& generated) const {
        const engine::Tokenizer& tokenizer = model_.tokenizer();
        const std::uint32_t length = model_.card().context_length;
        if (request.kind == suites::RequestKind::Rolling) {
            const auto windows = rolling_windows(tokenizer.encode(request.continuation, bos_of(options_.bos)), tokenizer.bos_id(), length);
            scored.insert(scored.end(), windows.begin(), windows.end());
            return windows.size();
        }
        if (request.kind == suites::RequestKind::Choice) {
            if (!chat()) {
                scored.push_back(encode_pair(tokenizer, request.context, request.continuation, options_.bos, length));
            } else {
                scored.push_back({engine::text::llama2_chat(tokenizer, messages(request.context)),
                                  tokenizer.encode(request.continuation.substr(std::min<std::size_t>(1, request.continuation.size())), engine::Bos::No)});
            }
            return 1;
        }
        engine::GenerateRequest generate;
        generate.prompt = chat() ? engine::text::llama2_chat(tokenizer, messages(request.context)) : tokenizer.encode(request.context, bos_of(options_.bos));
        if (generate.prompt.empty()) generate.prompt.push_back(tokenizer.bos_id());
        generate.max_tokens = std::min(request.max_tokens, length / 2);
        const std::size_t room = length - generate.max_tokens;
        if (generate.prompt.size() > room) generate.prompt.erase(generate.prompt.begin(), generate.prompt.end() - static_cast<std::ptrdiff_t>(room));
        generate.stop = request.until;
        generate.sampling = {.temperature = options_.temperature, .top_p = options_.top_p, .top_k = options_.top_k,
                             .seed = options_.sampling_seed, .item = item.doc, .sample = 0};
        generated.push_back(std::move(generate));
        return 1;
    }

    engine::LanguageModel& model_;
    const suites::Task& task_;
    const RunOptions& options_;
    const suites::Graders& graders_;
};

struct PlannedTask {
    const suites::Task* task = nullptr;
    std::vector<suites::Item> items;
    std::uint32_t fewshot = 0;
};

}  // namespace

engine::ScoreRequest encode_pair(const engine::Tokenizer& tokenizer, const std::string& context, const std::string& continuation, BosProfile bos,
                                 std::uint32_t context_length) {
    std::string left = context;
    std::string right = continuation;
    const auto end = std::find_if_not(left.rbegin(), left.rend(), is_space).base();
    right.insert(right.begin(), end, left.end());
    left.erase(end, left.end());

    engine::ScoreRequest request;
    if (left.empty()) {
        request.context = {tokenizer.bos_id()};
        request.continuation = tokenizer.encode(right, engine::Bos::No);
    } else {
        request.context = tokenizer.encode(left, bos_of(bos));
        const std::vector<TokenId> whole = tokenizer.encode(left + right, bos_of(bos));
        request.continuation.assign(whole.begin() + static_cast<std::ptrdiff_t>(std::min(request.context.size(), whole.size())), whole.end());
    }
    if (request.continuation.empty()) throw engine::EngineError(engine::EngineError::Kind::Input, "the continuation has no tokens of its own");
    if (request.continuation.size() > context_length) {
        throw engine::EngineError(engine::EngineError::Kind::Input, fmt::format("the continuation of {} tokens is longer than the model's context of {}",
                                                                                request.continuation.size(), context_length));
    }
    // The input is the last context_length + 1 tokens without the final one, so the left side goes first.
    const std::size_t total = request.context.size() + request.continuation.size();
    if (total > context_length + std::size_t{1}) {
        request.context.erase(request.context.begin(), request.context.begin() + static_cast<std::ptrdiff_t>(total - context_length - 1));
    }
    return request;
}

std::vector<engine::ScoreRequest> rolling_windows(const std::vector<TokenId>& ids, TokenId prefix, std::uint32_t context_length) {
    std::vector<engine::ScoreRequest> windows;
    const std::size_t length = context_length;
    for (std::size_t done = 0; done < ids.size();) {
        const auto at = [&ids](std::size_t index) { return ids.begin() + static_cast<std::ptrdiff_t>(index); };
        const std::size_t count = std::min(length, ids.size() - done);
        engine::ScoreRequest window;
        if (done == 0) {
            window.context = {prefix};
        } else {
            // `length` input tokens end just before the last predicted one; a whole window leaves one of context.
            window.context.assign(at(done + count - 1 - std::min(done + count - 1, length)), at(done));
        }
        window.continuation.assign(at(done), at(done + count));
        windows.push_back(std::move(window));
        done += count;
    }
    return windows;
}

Outcome execute(engine::LanguageModel& model, const std::string& variant, const std::vector<suites::Task>& tasks, const RunOptions& options,
                const suites::Graders& graders, store::RunStore& store, const std::function<void(const Progress&)>& on_progress) {
    const engine::ModelCard& card = model.card();
    std::vector<PlannedTask> planned;
    std::vector<store::RunTaskRow> rows;
    json plan = {{"variant", variant}, {"model", card.fingerprint}, {"context", card.context_length}, {"device", card.device}, {"numerics", card.numerics},
                 {"seed", options.seed}, {"bos", options.bos == BosProfile::None ? "none" : "model"}, {"sampling_seed", options.sampling_seed},
                 {"temperature", options.temperature}, {"top_p", options.top_p}, {"top_k", options.top_k}, {"chat", options.chat},
                 {"system", options.system_prompt}, {"tasks", json::array()}};
    Progress progress;
    for (const suites::Task& task : tasks) {
        PlannedTask one{&task, task.render(options.data_dir, {.fewshot = options.fewshot, .limit = options.limit, .seed = options.seed}),
                        options.fewshot.value_or(task.default_fewshot())};
        plan["tasks"].push_back({{"definition", task.definition()}, {"fewshot", one.fewshot}, {"requests", rendered_hash(one.items)}});
        rows.push_back({.id = 0, .task = task.name(), .version = task.version(), .profile = task.profile(), .fewshot = one.fewshot,
                        .definition_json = task.definition(), .planned_items = one.items.size()});
        progress.items_total += one.items.size();
        planned.push_back(std::move(one));
    }
    const std::string plan_text = dump(plan);
    const store::RunRow run = store.open_run({card.fingerprint, card.name, card.source, dump(card_json(card))},
                                             {.id = 0, .plan_hash = sha256(plan_text), .plan_json = plan_text, .model_fingerprint = card.fingerprint,
                                              .model_name = card.name, .variant = variant, .created = "", .finished = ""},
                                             rows);
    const std::vector<store::RunTaskRow> stored = store.tasks(run.id);
    Outcome outcome{.run = run.id, .items = progress.items_total, .computed_items = 0, .errors = 0};
    for (std::size_t index = 0; index < planned.size(); ++index) {
        const PlannedTask& one = planned[index];
        const std::vector<std::uint64_t> docs = store.finished_docs(stored[index].id);
        const std::set<std::uint64_t> finished(docs.begin(), docs.end());
        progress.task = one.task->name();
        progress.items_done += finished.size();
        Executor executor(model, *one.task, options, graders);
        const std::size_t batch = options.batch_items != 0 ? options.batch_items : one.task->kind() == suites::RequestKind::Rolling ? 4 : 32;
        std::vector<const suites::Item*> waiting;
        const auto flush = [&] {
            if (waiting.empty()) return;
            const std::vector<store::ItemRow> answers = executor.answer(waiting);
            for (const store::ItemRow& answer : answers) outcome.errors += answer.error.empty() ? 0 : 1;
            store.add_items(stored[index].id, answers);
            outcome.computed_items += answers.size();
            progress.items_done += answers.size();
            progress.items_new += answers.size();
            on_progress(progress);
            waiting.clear();
        };
        for (const suites::Item& item : one.items) {
            if (finished.contains(item.doc)) continue;
            waiting.push_back(&item);
            if (waiting.size() == batch) flush();
        }
        flush();
    }
    store.finish_run(run.id);
    return outcome;
}

}  // namespace harness::run
