#include "harness/run/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/chat.hpp"
#include "harness/base/json.hpp"
#include "harness/base/sha256.hpp"

namespace harness::run {
namespace {

using nlohmann::json;

json card_json(const engine::ModelCard& card) {
    json stored = {{"name", card.name},
                   {"quantisation", card.quantisation},
                   {"parameters", card.parameters},
                   {"weight_bytes", card.weight_bytes},
                   {"context_length", card.context_length},
                   {"device", card.device},
                   {"numerics", card.numerics},
                   {"licence", {{"name", card.licence.name}, {"basis", card.licence.basis}}}};
    if (!card.warnings.empty()) stored["warnings"] = card.warnings;
    return stored;
}

/// A prompt as unique text for hashing. Conversations include the roles; other prompts keep the plain text that was
/// hashed before conversations existed.
std::string hashed_text(const suites::Prompt& prompt) {
    const bool conversation = std::any_of(prompt.turns.begin(), prompt.turns.end(), [](const suites::Message& turn) {
        return turn.role == suites::Role::Assistant;
    });
    if (!conversation) return suites::plain_text(prompt.turns);
    json turns = json::array();
    for (const suites::Message& turn : prompt.turns) turns.push_back({static_cast<int>(turn.role), turn.content});
    return base::json_text(turns);
}

/// A hash of a task's requests: part of the plan, so that changed data or examples make another run.
std::string rendered_hash(const std::vector<suites::Item>& items) {
    std::string all;
    for (const suites::Item& item : items) {
        json requests = json::array();
        for (const suites::Request& request : item.requests) {
            const suites::Prompt* prompt = suites::prompt_of(request);
            static const suites::GenerateRequest kNone;  // a changed order or default would be another run
            const auto* given = std::get_if<suites::GenerateRequest>(&request);
            const suites::GenerateRequest& generate = given == nullptr ? kNone : *given;
            requests.push_back({prompt == nullptr ? "" : hashed_text(*prompt), suites::scored_text(request),
                                generate.until, generate.max_tokens, generate.sample,
                                generate.temperature.value_or(-1.0F), generate.top_p.value_or(-1.0F)});
        }
        all += base::json_text({item.doc, item.target(), std::move(requests)}) + "\n";
    }
    return base::sha256_hex(all);
}

/// The definition without the clusters, which change no question and no score and so make no other run.
std::string asked_definition(const suites::Task& task) {
    json definition = base::parse_json(task.definition(), task.name());
    if (!definition.contains("cluster")) return task.definition();
    definition.erase("cluster");
    return definition.dump();
}

/// The plan as JSON, without its tasks. The key names are part of the plan hash: a changed name makes another run.
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

/// The settings shown in reports: the plan without the values that have their own columns.
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

/// Generation settings under lm-evaluation-harness's names.
std::string generation_json(const json& definition) {
    return base::json_text({{"max_gen_toks", definition.value("max_tokens", suites::GenerateRequest{}.max_tokens)},
                            {"until", definition.value("until", json::array())}});
}

/// The task with what the call asks of generations in place of its own.
suites::Task adjusted(const suites::Task& task, const RunOptions& options) {
    json fields = json::object();
    if (task.kind() != suites::TaskKind::Generate) return task;
    if (options.max_tokens) fields["max_tokens"] = *options.max_tokens;
    if (options.samples) {
        fields["repeats"] = *options.samples;
        // Converted through the float's shortest text, so that 0.6 stays 0.6.
        fields["temperature"] = std::stod(fmt::format("{}", options.temperature));
    }
    return fields.empty() ? task : task.with(fields);
}

/// Whether a prompt of chat holds text that spells a mark of a chat format.
bool spells_mark(const suites::Request& request) {
    const suites::Prompt* prompt = suites::prompt_of(request);
    return prompt != nullptr &&
           std::any_of(prompt->turns.begin(), prompt->turns.end(),
                       [](const suites::Message& turn) { return !engine::find_chat_mark(turn.content).empty(); });
}

bool any_prompt_spells_mark(const std::vector<PlannedTask>& tasks) {
    for (const PlannedTask& task : tasks) {
        for (const suites::Item& item : task.items) {
            if (std::any_of(item.requests.begin(), item.requests.end(), spells_mark)) return true;
        }
    }
    return false;
}

}  // namespace

std::string_view to_string(MarksInText marks) {
    switch (marks) {
        case MarksInText::Neutralise: return "neutralise";
        case MarksInText::Reject: return "reject";
        case MarksInText::Pass: break;
    }
    return "pass";
}

PlannedTask plan_task(const suites::Task& given, const RunOptions& options) {
    const suites::Task task = adjusted(given, options);
    const std::uint32_t fewshot = task.fewshot(options.fewshot);
    return {task, fewshot,
            task.render(options.data(), {.fewshot = fewshot, .limit = options.limit, .seed = options.seed}),
            task.prepare_grader(options.data())};
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
    // Left out for Llama 2's format, so that runs planned before there were others keep their hash.
    const bool chat = uses_chat(tasks, options) && options.chat_format != engine::ChatFormat::Llama2;
    if (chat) text["chat_format"] = engine::to_string(options.chat_format);
    if (options.no_system) text["no_system"] = true;
    if (!options.system_name.empty()) text["system_name"] = options.system_name;
    if (options.max_prompt_tokens) text["max_prompt_tokens"] = *options.max_prompt_tokens;
    for (const suites::Task& task : tasks) {
        plan.tasks.push_back(plan_task(task, options));
        const PlannedTask& last = plan.tasks.back();
        text["tasks"].push_back({{"definition", asked_definition(last.task)},
                                 {"fewshot", last.fewshot},
                                 {"requests", rendered_hash(last.items)}});
    }
    // If no prompt spells a mark, the policy has no effect; it is left out so that older runs keep their hash.
    if (uses_chat(tasks, options) && any_prompt_spells_mark(plan.tasks))
        text["marks_in_text"] = to_string(options.marks);
    plan.model = {card.fingerprint, card.name, card.source, base::json_text(card_json(card))};
    plan.run.plan_json = base::json_text(text);
    plan.run.plan_hash = base::sha256_hex(plan.run.plan_json);
    plan.run.model_fingerprint = card.fingerprint;
    plan.run.model_name = card.name;
    plan.run.variant = variant;
    plan.run.numerics = card.numerics;
    plan.run.device = card.device;
    plan.run.warnings_json = base::json_text(card.warnings);
    plan.run.engine_version = BELLWETHER_VERSION;
    plan.run.settings_json = base::json_text(shown_settings(std::move(text)));
    return plan;
}

}  // namespace harness::run
