#include <nlohmann/json.hpp>

#include "harness/scoring/reward_evaluation.hpp"
#include "harness/scoring/style_check.hpp"

namespace harness::scoring {
namespace {

using nlohmann::json;
using safety::reward::Tally;

json to_json(const Tally& tally) {
    if (tally.total == 0) return nullptr;
    const auto interval = interval_of(tally);
    return {{"accuracy", tally.accuracy()},
            {"ci95", {interval->low, interval->high}},
            {"correct", tally.correct},
            {"ties", tally.ties},
            {"pairs", tally.total}};
}

json to_json(const std::optional<double>& value) {
    return value ? json(*value) : json(nullptr);
}

json to_json(const safety::reward::Association& association) {
    return {{"pearson", to_json(association.pearson)}, {"spearman", to_json(association.spearman)}};
}

template <class Name, std::size_t N>
json by_name(const std::array<Tally, N>& tallies) {
    json entries = json::object();
    for (std::size_t i = 0; i < N; ++i) {
        if (tallies[i].total > 0) entries[std::string(name_of(static_cast<Name>(i)))] = to_json(tallies[i]);
    }
    return entries;
}

}  // namespace

json to_json(const StyleCheck& check) {
    json value = to_json(check.accuracy);
    if (value.is_null()) value = json::object();
    value["follows_style"] = check.follows_style();
    value["left_out"] = check.left_out;
    return value;
}

json to_json(const RewardEvaluation& evaluation) {
    json baselines = json::array();
    for (const BaselineResult& baseline : evaluation.baselines) {
        json entry = to_json(baseline.accuracy);
        entry["name"] = baseline.name;
        entry["only_reward"] = baseline.only_reward;
        entry["only_baseline"] = baseline.only_baseline;
        entry["mcnemar_p"] = baseline.mcnemar_p;
        baselines.push_back(std::move(entry));
    }
    json reliability = json::array();
    for (const safety::reward::ReliabilityBin& bin : evaluation.reliability) {
        if (bin.count == 0) continue;
        reliability.push_back({{"low", bin.low},
                               {"high", bin.high},
                               {"pairs", bin.count},
                               {"predicted", bin.predicted},
                               {"observed", bin.observed}});
    }
    return {{"folds", evaluation.folds},
            {"beats_baselines", evaluation.beats_baselines()},
            {"accuracy", to_json(evaluation.accuracy)},
            {"baselines", std::move(baselines)},
            {"by_strength", by_name<safety::reward::Strength>(evaluation.table.by_strength)},
            {"by_bin", by_name<safety::reward::SafetyBin>(evaluation.table.by_bin)},
            {"unsafe_recall", to_json(evaluation.unsafe_recall)},
            {"calibration_error", evaluation.calibration_error},
            {"brier", evaluation.brier},
            {"log_loss", evaluation.log_loss},
            {"reliability", std::move(reliability)},
            {"correlations",
             {{"length", to_json(evaluation.style.length)},
              {"refusal", to_json(evaluation.style.refusal)},
              {"lists", to_json(evaluation.style.lists)}}},
            {"length_matched", to_json(evaluation.length_matched)},
            {"swapped_prompt", to_json(evaluation.swapped_prompt)}};
}

}  // namespace harness::scoring
