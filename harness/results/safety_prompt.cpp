#include "harness/results/safety_prompt.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/json.hpp"
#include "safety/prompts/taxonomy.hpp"

namespace harness::results {
namespace {

using nlohmann::json;
using reports::data::PromptKind;

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
    const std::string label = base::text_member(document, "label");
    if (label == "unsafe") return PromptKind::Unsafe;
    if (label == "safe") return PromptKind::Borderline;
    const std::optional<PromptKind> kind = task_kind(task);
    if (kind == PromptKind::Everyday && is_borderline(base::text_member(document, "category")))
        return PromptKind::Borderline;
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
    const json& turns = base::member_of(document, "turns");
    if (!turns.is_array()) return std::nullopt;
    const std::optional<PromptKind> kind = kind_of(task, document);
    if (!kind) return std::nullopt;
    return reports::data::SafetyItem{.content = 0,
                                     .kind = *kind,
                                     .category = base::text_member(document, "category"),
                                     .vector = base::text_member(document, "vector"),
                                     .hazard = base::text_member(document, "hazard"),
                                     .is_multi_turn = turns.size() > 1};
}

}  // namespace harness::results
