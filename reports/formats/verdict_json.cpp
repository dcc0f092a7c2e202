// The first screen of a report as data.

#include <nlohmann/json.hpp>

#include "reports/formats/json_parts.hpp"
#include "reports/sections/breakdown.hpp"
#include "reports/sections/cost.hpp"
#include "reports/sections/verdict.hpp"
#include "reports/sections/verdict_words.hpp"
#include "reports/statistics/normal.hpp"

namespace reports::formats {
namespace {

using nlohmann::json;

json suite_json(const sections::SuiteVerdict& row) {
    const statistics::Paired& paired = row.paired;
    return {{"suite", row.suite},
            {"metric", row.metric},
            {"higher_is_better", row.higher_is_better},
            {"tasks", row.tasks},
            {"base", row.base->id},
            {"run", row.run->id},
            {"items", paired.items},
            {"base_value", number_json(paired.mean_a)},
            {"run_value", number_json(paired.mean_a + paired.difference)},
            {"difference", number_json(paired.difference)},
            {"ci95", interval_json(paired.ci95)},
            {"p", number_json(row.p)},
            {"p_adjusted", number_json(row.p_adjusted)},
            {"minimum_detectable", number_json(row.detectable)},
            {"verdict", sections::to_string(row.verdict)}};
}

template <class Value>
json value_or_null(const std::optional<Value>& value) {
    return value ? json(*value) : json(nullptr);
}

json breakdown_json(const std::vector<data::RunView>& runs, const sections::Breakdown& breakdown) {
    json parts = json::array();
    for (const sections::Part& part : breakdown.parts) {
        for (const sections::PartValue& value : part.values) {
            parts.push_back({{"part", part.name},
                             {"run", runs[value.run].id},
                             {"items", value.items},
                             {"value", number_json(value.value)},
                             {"ci95", interval_json(value.ci95)}});
        }
    }
    return {{"suite", breakdown.suite},
            {"metric", breakdown.metric},
            {"by", breakdown.parts_are},
            {"measure", breakdown.is_difference ? "gain" : "score"},
            {"parts", std::move(parts)}};
}

}  // namespace

json verdict_json(const data::Report& report, const sections::Comparison& comparison) {
    const sections::ReportVerdict verdict = sections::report_verdict(report.runs, comparison);
    const sections::VerdictWords words = sections::verdict_words(report, verdict);
    json suites = json::array();
    for (const sections::SuiteVerdict& row : verdict.suites) suites.push_back(suite_json(row));
    return {{"headline", words.headline},  {"findings", words.findings},           {"cautions", words.cautions},
            {"level", statistics::kLevel}, {"comparisons", verdict.suites.size()}, {"adjustment", "holm"},
            {"suites", std::move(suites)}};
}

json cost_json(const data::RunView& run) {
    const data::CostView& cost = run.cost;
    return {{"seconds", value_or_null(cost.seconds)},
            {"prompt_tokens", value_or_null(cost.prompt_tokens)},
            {"answer_tokens", value_or_null(cost.answer_tokens)},
            {"tokens_per_second", number_json(sections::tokens_per_second(cost))},
            {"weight_bytes", value_or_null(cost.weight_bytes)},
            {"quantisation", text_or_null(cost.quantisation)}};
}

json breakdowns_json(const std::vector<data::RunView>& runs, const sections::Comparison& comparison) {
    json rows = json::array();
    for (const sections::Breakdown& breakdown : sections::breakdowns(runs, comparison))
        rows.push_back(breakdown_json(runs, breakdown));
    return rows;
}

}  // namespace reports::formats
