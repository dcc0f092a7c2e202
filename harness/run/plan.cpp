#include "harness/run/plan.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/sha256.hpp"

namespace harness::run {
namespace {

using nlohmann::json;

std::string dump(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json card_json(const engine::ModelCard& card) {
    json stored = {{"name", card.name},
                   {"quantisation", card.quantisation},
                   {"parameters", card.parameters},
                   {"weight_bytes", card.weight_bytes},
                   {"context_length", card.context_length},
                   {"device", card.device},
                   {"numerics", card.numerics}};
    if (!card.warnings.empty()) stored["warnings"] = card.warnings;
    return stored;
}

/// What a task asks, as text: part of the plan, so that changed data or examples are another run.
std::string rendered_hash(const std::vector<suites::Item>& items) {
    std::string all;
    for (const suites::Item& item : items) {
        json requests = json::array();
        for (const suites::Request& request : item.requests) {
            const suites::Prompt* prompt = suites::prompt_of(request);
            static const suites::GenerateRequest kNone;  // a changed order or default would be another run
            const auto* given = std::get_if<suites::GenerateRequest>(&request);
            const suites::GenerateRequest& generate = given == nullptr ? kNone : *given;
            requests.push_back({prompt == nullptr ? "" : suites::plain_text(prompt->turns),
                                suites::scored_text(request), generate.until, generate.max_tokens, generate.sample,
                                generate.temperature.value_or(-1.0F), generate.top_p.value_or(-1.0F)});
        }
        all += dump({item.doc, item.target(), std::move(requests)}) + "\n";
    }
    return base::sha256_hex(all);
}

/// The plan as JSON, without its tasks. The names are part of the plan hash: a changed one is another run.
json settings_json(const engine::ModelCard& card, const std::string& variant, const RunOptions& options) {
    return {{"variant", variant},
            {"model", card.fingerprint},
            {"context", card.context_length},
            {"device", card.device},
            {"numerics", card.numerics},
            {"seed", options.seed},
            {"bos", options.bos == model::BosProfile::None ? "none" : "model"},
            {"sampling_seed", options.sampling_seed},
            {"temperature", options.temperature},
            {"top_p", options.top_p},
            {"top_k", options.top_k},
            {"chat", options.chat},
            {"system", options.system_prompt},
            {"cut_questions", options.cut_questions},
            {"tasks", json::array()}};
}

PlannedTask planned(const suites::Task& task, const RunOptions& options) {
    const std::uint32_t fewshot = task.fewshot(options.fewshot);
    return {task, fewshot,
            task.render(options.data(), {.fewshot = fewshot, .limit = options.limit, .seed = options.seed}),
            task.prepare_grader(options.data())};
}

}  // namespace

bool uses_chat(const std::vector<suites::Task>& tasks, const RunOptions& options) {
    return options.chat || std::any_of(tasks.begin(), tasks.end(), [](const auto& task) { return task.chat(); });
}

std::vector<store::RunTaskRow> Plan::task_rows() const {
    std::vector<store::RunTaskRow> rows;
    for (const PlannedTask& planned : tasks) {
        rows.push_back({.id = 0,
                        .task = planned.task.name(),
                        .version = planned.task.version(),
                        .profile = planned.task.profile(),
                        .fewshot = planned.fewshot,
                        .definition_json = planned.task.definition(),
                        .planned_items = planned.items.size()});
    }
    return rows;
}

Plan make_plan(const engine::ModelCard& card, const std::string& variant, const std::vector<suites::Task>& tasks,
               const RunOptions& options) {
    Plan plan;
    plan.options = options;
    json text = settings_json(card, variant, options);
    // Left out for Llama 2's, which all runs had that were planned before there were others.
    const bool chat = uses_chat(tasks, options) && options.chat_format != engine::ChatFormat::Llama2;
    if (chat) text["chat_format"] = engine::to_string(options.chat_format);
    for (const suites::Task& task : tasks) {
        plan.tasks.push_back(planned(task, options));
        const PlannedTask& last = plan.tasks.back();
        text["tasks"].push_back(
            {{"definition", task.definition()}, {"fewshot", last.fewshot}, {"requests", rendered_hash(last.items)}});
    }
    plan.model = {card.fingerprint, card.name, card.source, dump(card_json(card))};
    plan.run.plan_json = dump(text);
    plan.run.plan_hash = base::sha256_hex(plan.run.plan_json);
    plan.run.model_fingerprint = card.fingerprint;
    plan.run.model_name = card.name;
    plan.run.variant = variant;
    return plan;
}

}  // namespace harness::run
