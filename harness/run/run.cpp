#include "harness/run/run.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "harness/interchange/digest.hpp"
#include "harness/run/executor.hpp"

namespace harness::run {
namespace {

using nlohmann::json;

std::string dump(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json card_json(const engine::ModelCard& card) {
    return {{"name", card.name},
            {"quantisation", card.quantisation},
            {"parameters", card.parameters},
            {"weight_bytes", card.weight_bytes},
            {"context_length", card.context_length},
            {"device", card.device},
            {"numerics", card.numerics}};
}

/// What a task asks, as text: part of the plan, so that changed data or examples are another run.
std::string rendered_hash(const std::vector<suites::Item>& items) {
    std::string all;
    for (const suites::Item& item : items) {
        json requests = json::array();
        for (const suites::Request& request : item.requests) {
            requests.push_back({request.context, request.continuation, request.until, request.max_tokens,
                                request.sample, request.temperature.value_or(-1.0F), request.top_p.value_or(-1.0F)});
        }
        all += dump({item.doc, item.target, std::move(requests)}) + "\n";
    }
    return interchange::digest(all);
}

struct PlannedTask {
    const suites::Task* task = nullptr;
    std::vector<suites::Item> items;
    std::uint32_t fewshot = 0;
};

}  // namespace

Outcome execute(engine::LanguageModel& model, const std::string& variant, const std::vector<suites::Task>& tasks,
                const RunOptions& options, const suites::Graders& graders, store::RunStore& store,
                const std::function<void(const Progress&)>& on_progress, sandbox::CodeGrader* code) {
    const engine::ModelCard& card = model.card();
    std::vector<PlannedTask> planned;
    std::vector<store::RunTaskRow> rows;
    json plan = {{"variant", variant},
                 {"model", card.fingerprint},
                 {"context", card.context_length},
                 {"device", card.device},
                 {"numerics", card.numerics},
                 {"seed", options.seed},
                 {"bos", options.bos == BosProfile::None ? "none" : "model"},
                 {"sampling_seed", options.sampling_seed},
                 {"temperature", options.temperature},
                 {"top_p", options.top_p},
                 {"top_k", options.top_k},
                 {"chat", options.chat},
                 {"system", options.system_prompt},
                 {"cut_questions", options.cut_questions},
                 {"tasks", json::array()}};
    Progress progress;
    for (const suites::Task& task : tasks) {
        PlannedTask one{
            &task,
            task.render(options.data_dir, {.fewshot = options.fewshot, .limit = options.limit, .seed = options.seed}),
            options.fewshot.value_or(task.default_fewshot())};
        plan["tasks"].push_back(
            {{"definition", task.definition()}, {"fewshot", one.fewshot}, {"requests", rendered_hash(one.items)}});
        rows.push_back({.id = 0,
                        .task = task.name(),
                        .version = task.version(),
                        .profile = task.profile(),
                        .fewshot = one.fewshot,
                        .definition_json = task.definition(),
                        .planned_items = one.items.size()});
        for (std::size_t i = 0; i < one.items.size(); ++i) progress.items_total += options.shard.holds(i) ? 1 : 0;
        planned.push_back(std::move(one));
    }
    const std::string plan_text = dump(plan);
    const store::RunRow run = store.open_run({card.fingerprint, card.name, card.source, dump(card_json(card))},
                                             {.id = 0,
                                              .plan_hash = interchange::digest(plan_text),
                                              .plan_json = plan_text,
                                              .model_fingerprint = card.fingerprint,
                                              .model_name = card.name,
                                              .variant = variant,
                                              .created = "",
                                              .finished = ""},
                                             rows);
    if (!options.shard.whole()) store.add_shard(run.id, {options.shard.index, options.shard.count});
    const std::vector<store::RunTaskRow> stored = store.tasks(run.id);
    Outcome outcome{.run = run.id, .items = progress.items_total};
    const std::uint64_t computed_before = model.tokens_computed();
    for (std::size_t index = 0; index < planned.size(); ++index) {
        const PlannedTask& one = planned[index];
        const std::vector<std::uint64_t> docs = store.finished_docs(stored[index].id);
        const std::set<std::uint64_t> finished(docs.begin(), docs.end());
        progress.task = one.task->name();
        Executor executor(model, *one.task, options, graders, code);
        const std::size_t batch = options.batch_items != 0                           ? options.batch_items
                                  : one.task->kind() == suites::RequestKind::Rolling ? 4
                                                                                     : 32;
        std::vector<const suites::Item*> waiting;
        const auto flush = [&] {
            if (waiting.empty()) return;
            const std::vector<store::ItemRow> answers = executor.answer(waiting);
            for (const store::ItemRow& answer : answers) {
                outcome.errors += answer.error.empty() ? 0 : 1;
                for (const store::RequestRow& request : answer.requests)
                    outcome.tokens_asked += request.context_tokens + request.tokens.size();
            }
            store.add_items(stored[index].id, answers);
            outcome.computed_items += answers.size();
            progress.items_done += answers.size();
            progress.items_new += answers.size();
            on_progress(progress);
            waiting.clear();
        };
        for (std::size_t i = 0; i < one.items.size(); ++i) {
            if (!options.shard.holds(i)) continue;
            if (finished.contains(one.items[i].doc)) {
                ++progress.items_done;
                continue;
            }
            waiting.push_back(&one.items[i]);
            if (waiting.size() == batch) flush();
        }
        flush();
    }
    // Counted now: another process may have worked on other shards in the same store meanwhile.
    for (const store::RunTaskRow& task : stored)
        outcome.missing_items += task.planned_items - store.finished_docs(task.id).size();
    if (outcome.missing_items == 0) store.finish_run(run.id);
    outcome.tokens_computed = model.tokens_computed() - computed_before;
    return outcome;
}

}  // namespace harness::run
