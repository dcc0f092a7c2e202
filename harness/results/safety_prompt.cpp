#include "harness/results/safety_prompt.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "safety/prompts/taxonomy.hpp"

namespace harness::results {
namespace {

using nlohmann::json;
using reports::data::PromptKind;

std::string text_of(const json& document, const char* field) {
    const auto found = document.find(field);
    return found != document.end() && found->is_string() ? found->get<std::string>() : "";
}

/// The metric of this name, with any filter; nullptr when the task has none.
const store::MetricRow* find_metric(const store::RunTaskRow& task, std::string_view name) {
    const auto found = std::find_if(task.metrics.begin(), task.metrics.end(), [name](const store::MetricRow& metric) {
        return metric.kind == "metric" && metric.name.substr(0, metric.name.find(',')) == name;
    });
    return found == task.metrics.end() ? nullptr : &*found;
}

bool is_borderline(const std::string& category) {
    const auto& categories = safety::prompts::requirements_of("borderline").tags.at("category");
    return std::find(categories.begin(), categories.end(), category) != categories.end();
}

std::optional<PromptKind> kind_of(const store::RunTaskRow& task, const json& document) {
    const std::string label = text_of(document, "label");
    if (label == "unsafe") return PromptKind::Unsafe;
    if (label == "safe") return PromptKind::Borderline;
    const std::optional<PromptKind> kind = task_kind(task);
    if (kind == PromptKind::Everyday && is_borderline(text_of(document, "category"))) return PromptKind::Borderline;
    return kind;
}

}  // namespace

std::optional<PromptKind> task_kind(const store::RunTaskRow& task) {
    if (const store::MetricRow* refusal = find_metric(task, "refusal"))
        return refusal->direction == "lower" ? PromptKind::Everyday : PromptKind::Unsafe;
    if (find_metric(task, "compliance") != nullptr) return PromptKind::Everyday;
    return std::nullopt;
}

std::optional<reports::data::SafetyItem> safety_prompt(const store::RunTaskRow& task, const json& document) {
    if (!document.is_object()) return std::nullopt;
    const auto turns = document.find("turns");
    if (turns == document.end() || !turns->is_array()) return std::nullopt;
    const std::optional<PromptKind> kind = kind_of(task, document);
    if (!kind) return std::nullopt;
    return reports::data::SafetyItem{.content = 0,
                                     .kind = *kind,
                                     .category = text_of(document, "category"),
                                     .vector = text_of(document, "vector"),
                                     .hazard = text_of(document, "hazard"),
                                     .is_multi_turn = turns->size() > 1};
}

}  // namespace harness::results
