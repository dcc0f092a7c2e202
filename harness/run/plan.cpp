#include "harness/run/plan.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/json.hpp"
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

/// What two runs may differ in, as reports show it: the plan without what has columns of its own.
json shown_settings(json plan) {
    for (const char* key : {"variant", "model", "device", "numerics", "tasks"}) plan.erase(key);
    return plan;
}

store::MetricRow row_of(const suites::MetricDefinition& metric, const char* kind) {
    return {.name = metric.name,
            .kind = kind,
            .direction = std::string(suites::to_string(metric.direction)),
            .aggregation = std::string(suites::to_string(metric.aggregation)),
            .interval = std::string(suites::to_string(metric.interval)),
            .filter = std::string(metric.filter()),
            .grader_version = metric.grader_version};
}

std::vector<store::MetricRow> metric_rows(const suites::Task& task) {
    std::vector<store::MetricRow> rows;
    for (const suites::MetricDefinition& metric : task.metrics()) rows.push_back(row_of(metric, "metric"));
    for (const suites::MetricDefinition& counter : task.counters()) rows.push_back(row_of(counter, "counter"));
    return rows;
}

/// What is asked of a generation, in lm-evaluation-harness's words.
std::string generation_json(const json& definition) {
    return dump({{"max_gen_toks", definition.value("max_tokens", suites::GenerateRequest{}.max_tokens)},
                 {"until", definition.value("until", json::array())}});
}

store::RunTaskRow task_row(const PlannedTask& planned) {
    const suites::Task& task = planned.task;
    const json definition = base::parse_json(task.definition(), task.name());
    return {.id = 0,
            .task = task.name(),
            .version = task.version(),
            .profile = task.profile(),
            .fewshot = planned.fewshot,
            .definition_json = task.definition(),
            .planned_items = planned.items.size(),
            .kind = std::string(suites::to_string(task.kind())),
            .selection = definition.contains("sample") ? "sample" : "leading",
            .generation_json = task.kind() == suites::TaskKind::Generate ? generation_json(definition) : "",
            .metrics = metric_rows(task)};
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
    for (const PlannedTask& planned : tasks) rows.push_back(task_row(planned));
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
    plan.run.numerics = card.numerics;
    plan.run.device = card.device;
    plan.run.warnings_json = dump(card.warnings);
    plan.run.engine_version = BELLWETHER_VERSION;
    plan.run.settings_json = dump(shown_settings(std::move(text)));
    return plan;
}

}  // namespace harness::run
