// The ratings of a study as JSON.

#include <nlohmann/json.hpp>
#include <variant>

#include "reports/formats/json_parts.hpp"
#include "reports/sections/ratings_analysis.hpp"
#include "reports/sections/ratings_words.hpp"

namespace reports::formats {
namespace {

using nlohmann::json;

json share_json(const statistics::SampledShare& share) {
    return {{"value", number_json(share.value)}, {"ci95", interval_json(share.ci95)}};
}

json proportion_json(const std::optional<statistics::Proportion>& share) {
    if (!share) return nullptr;
    return {{"value", number_json(share->value)}, {"ci95", interval_json(share->ci95)}, {"n", share->total}};
}

json pairs_json(const data::Study& study, const std::vector<sections::PairResult>& results) {
    json rows = json::array();
    for (const sections::PairResult& result : results) {
        const statistics::WinTieLoss& rates = result.rates;
        rows.push_back({{"first", study.variants[result.pair.first]},
                        {"second", study.variants[result.pair.second]},
                        {"category", text_or_null(result.category)},
                        {"items", rates.items},
                        {"prompts", rates.prompts},
                        {"ratings", rates.ratings},
                        {"win", share_json(rates.win)},
                        {"tie", share_json(rates.tie)},
                        {"loss", share_json(rates.loss)},
                        {"no_consensus", share_json(rates.no_consensus)},
                        {"win_rate", share_json(rates.win_rate)},
                        {"points", share_json(rates.mean_points)},
                        {"prompts_won", rates.prompts_won},
                        {"prompts_lost", rates.prompts_lost},
                        {"points_always_valid_ci95", interval_json(result.always95)},
                        {"sign_p", number_json(rates.sign_p)},
                        {"sign_p_adjusted", number_json(result.adjusted_p)},
                        {"both_bad", result.both_bad},
                        {"verdict", sections::pair_verdict(result)}});
    }
    return rows;
}

json answers_json(const data::Study& study, const std::vector<sections::AnswerResult>& results) {
    json rows = json::array();
    for (const sections::AnswerResult& result : results) {
        json row = {{"variant", study.variants[result.variant]},
                    {"category", text_or_null(result.category)},
                    {"items", result.items},
                    {"ratings", result.ratings},
                    {"no_consensus", result.no_consensus},
                    {"rate", result.counted ? share_json(*result.counted) : json(nullptr)},
                    {"mean_rating", nullptr}};
        if (result.mean)
            row["mean_rating"] = {{"value", number_json(result.mean->mean)},
                                  {"stderr", number_json(result.mean->standard_error)},
                                  {"ci95", interval_json(result.mean->ci95)}};
        rows.push_back(std::move(row));
    }
    return rows;
}

json differences_json(const data::Study& study, const std::vector<sections::AnswerDifference>& results) {
    json rows = json::array();
    for (const sections::AnswerDifference& row : results)
        rows.push_back({{"variant", study.variants[row.variant]},
                        {"less", study.variants[row.first]},
                        {"difference", number_json(row.difference)},
                        {"ci95", interval_json(row.ci95)},
                        {"prompts", row.prompts}});
    return rows;
}

json strengths_json(const data::Study& study, const std::optional<statistics::BradleyTerryResult>& result) {
    const auto* model = result ? std::get_if<statistics::BradleyTerry>(&*result) : nullptr;
    if (model == nullptr) return nullptr;
    json rows = json::array();
    for (std::size_t i = 0; i < model->strengths.size(); ++i) {
        const statistics::Fitted& strength = model->strengths[i];
        rows.push_back({{"variant", study.variants[i]},
                        {"log_odds", number_json(strength.value)},
                        {"stderr", number_json(strength.standard_error)},
                        {"ci95_sandwich", interval_json(strength.sandwich95)},
                        {"ci95_bootstrap", interval_json(strength.bootstrap95)}});
    }
    return rows;
}

json agreement_json(const std::vector<sections::AgreementResult>& results) {
    json rows = json::array();
    for (const sections::AgreementResult& row : results) {
        const auto* agreement = std::get_if<statistics::Agreement>(&row.result);
        rows.push_back({{"of", row.of},
                        {"measure", row.measure},
                        {"value", agreement ? number_json(agreement->value) : json(nullptr)},
                        {"ci95", interval_json(row.ci95)},
                        {"items", agreement ? json(agreement->items_rated_twice) : json(nullptr)}});
    }
    return rows;
}

json raters_json(const data::Study& study, const std::vector<sections::RaterResult>& results) {
    json rows = json::array();
    for (const sections::RaterResult& row : results) {
        const data::StudyRater& rater = study.raters[row.rater];
        rows.push_back({{"rater", rater.name},
                        {"excluded", rater.is_excluded},
                        {"reason", text_or_null(rater.reason)},
                        {"ratings", row.ratings},
                        {"skipped", rater.skipped},
                        {"gold", proportion_json(row.gold)},
                        {"attention", proportion_json(row.attention)},
                        {"with_others", proportion_json(row.with_others)},
                        {"left", proportion_json(row.left)},
                        {"ability", row.ability ? number_json(row.ability->ability) : json(nullptr)},
                        {"leniency", row.ability ? number_json(row.ability->leniency) : json(nullptr)},
                        {"moves", text_or_null(row.moved_headline)},
                        {"moves_by", number_json(row.moved)}});
    }
    return rows;
}

json exclusions_json(const std::vector<sections::ExclusionResult>& results) {
    json rows = json::array();
    for (const sections::ExclusionResult& row : results)
        rows.push_back({{"of", row.name}, {"without", number_json(row.without)}, {"with", number_json(row.with)}});
    return rows;
}

}  // namespace

json ratings_json(const data::Study& study) {
    const sections::RatingsAnalysis analysis = sections::analyse(study);
    return {{"study", study.name},
            {"hash", study.hash},
            {"protocol", sections::protocol_text(study.protocol)},
            {"raters_per_item", study.raters_per_item},
            {"adaptive", study.is_adaptive},
            {"state", study.state},
            {"prompts", analysis.prompts},
            {"verdicts", sections::ratings_verdicts(study, analysis)},
            {"warnings", sections::ratings_warnings(study, analysis)},
            {"pairs", pairs_json(study, analysis.pairs)},
            {"pairs_by_category", pairs_json(study, analysis.pair_categories)},
            {"answers", answers_json(study, analysis.answers)},
            {"answers_by_category", answers_json(study, analysis.answer_categories)},
            {"answer_differences", differences_json(study, analysis.differences)},
            {"strengths", strengths_json(study, analysis.strengths)},
            {"strengths_at_equal_length", strengths_json(study, analysis.adjusted)},
            {"agreement", agreement_json(analysis.agreement)},
            {"human_ceiling", analysis.ceiling ? share_json(analysis.ceiling->share) : json(nullptr)},
            {"left_preferred", analysis.left ? share_json(*analysis.left) : json(nullptr)},
            {"raters", raters_json(study, analysis.raters)},
            {"without_and_with_excluded", exclusions_json(analysis.exclusions)}};
}

}  // namespace reports::formats
