// The quantisation ladder as JSON. harness/results/ladder_file.cpp reads it back, except the scores.

#include <nlohmann/json.hpp>

#include "reports/formats/json_parts.hpp"
#include "reports/sections/ladder.hpp"

namespace reports::formats {
namespace {

using nlohmann::json;

json estimate_json(const data::Estimate& estimate) {
    return {{"value", number_json(estimate.value)},
            {"stderr", number_json(estimate.standard_error)},
            {"ci95", interval_json(estimate.ci95)}};
}

json divergence_json(const data::Divergence& found) {
    json kl = estimate_json(found.kl);
    kl["median"] = found.kl_median;
    kl["p90"] = found.kl_p90;
    kl["p99"] = found.kl_p99;
    kl["p999"] = found.kl_p999;
    kl["max"] = found.kl_max;
    return {{"kl", std::move(kl)},
            {"same_top", estimate_json(found.same_top)},
            {"perplexity", estimate_json(found.perplexity)},
            {"perplexity_ratio", estimate_json(found.perplexity_ratio)},
            {"probability_change", estimate_json(found.probability_change)},
            {"probability_change_rms", estimate_json(found.probability_change_rms)}};
}

json ladder_score_json(const sections::LadderScore& score) {
    const auto& paired = score.paired;
    const bool counted = score.flips().has_value();
    return {{"run", score.run->id},
            {"task", score.task->task},
            {"metric", score.metric->name},
            {"value", number_json(score.metric->value)},
            {"items", paired ? json(paired->items) : json(nullptr)},
            {"difference", paired ? number_json(paired->difference) : json(nullptr)},
            {"ci95", paired ? interval_json(paired->ci95) : json(nullptr)},
            {"flips", counted ? json(*score.flips()) : json(nullptr)},
            {"became_right", counted ? json(paired->higher_b) : json(nullptr)},
            {"became_wrong", counted ? json(paired->higher_a) : json(nullptr)},
            {"mcnemar_p", paired ? number_json(paired->mcnemar_p) : json(nullptr)}};
}

json rate_json(double rate) {
    return rate > 0 ? json(rate) : json(nullptr);
}

}  // namespace

json ladder_json(const data::Report& report) {
    const data::Ladder& ladder = *report.ladder;
    json models = json::array();
    for (const data::LadderModel& model : ladder.models) {
        models.push_back({{"model", model.variant},
                          {"fingerprint", model.fingerprint},
                          {"quantisation", model.quantisation},
                          {"file_bytes", model.file_bytes},
                          {"weight_bytes", model.weight_bytes},
                          {"parameters", model.parameters},
                          {"bits_per_weight", model.bits_per_weight()},
                          {"prompt_tokens_per_second", rate_json(model.prompt_rate)},
                          {"answer_tokens_per_second", rate_json(model.answer_rate)},
                          {"failure", text_or_null(model.failure)},
                          {"divergence", model.divergence ? divergence_json(*model.divergence) : json(nullptr)},
                          {"scores", json::array()}});
    }
    for (const sections::LadderScore& score : sections::ladder_scores(report))
        models[score.model]["scores"].push_back(ladder_score_json(score));
    return {{"text", ladder.text},
            {"text_sha256", ladder.text_fingerprint},
            {"text_tokens", ladder.text_tokens},
            {"tokens", ladder.tokens},
            {"windows", ladder.windows},
            {"window_tokens", ladder.window_tokens},
            {"device", ladder.device},
            {"numerics", ladder.numerics},
            {"reference", ladder.models.front().variant},
            {"warnings", sections::ladder_warnings(ladder)},
            {"models", std::move(models)}};
}

}  // namespace reports::formats
