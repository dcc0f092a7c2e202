#include "harness/results/answer_rewards.hpp"

#include <algorithm>
#include <optional>

#include "safety/reward/best_of_n.hpp"
#include "safety/reward/combine.hpp"

namespace harness::results {
namespace {

using reports::data::BestOfNCurve;
using safety::reward::ScoredSamples;

reports::data::MeanOverPrompts plain(const safety::reward::ClusteredMean& mean) {
    return {mean.mean, mean.standard_error};
}

/// The prompts' answers that both models scored; the same model twice for its own curve.
std::vector<ScoredSamples> samples_of(const std::vector<PromptRewards>& prompts, std::size_t choose,
                                      std::size_t measure) {
    std::vector<ScoredSamples> all;
    for (const PromptRewards& prompt : prompts) {
        const auto chosen = prompt.find(choose);
        const auto measured = prompt.find(measure);
        if (chosen == prompt.end() || measured == prompt.end()) continue;
        ScoredSamples samples;
        for (const auto& [position, reward] : chosen->second) {
            const auto other = measured->second.find(position);
            if (other == measured->second.end()) continue;
            samples.choose.push_back(reward);
            samples.measure.push_back(other->second);
        }
        if (samples.choose.size() > 1) all.push_back(std::move(samples));
    }
    return all;
}

/// The most frequent number of answers; of equally frequent ones the largest. 0 for no prompts.
std::size_t usual_count(const std::vector<ScoredSamples>& prompts) {
    std::map<std::size_t, std::size_t> frequency;
    for (const ScoredSamples& prompt : prompts) ++frequency[prompt.choose.size()];
    std::size_t usual = 0;
    for (const auto& [count, times] : frequency) {
        if (usual == 0 || times >= frequency[usual]) usual = count;
    }
    return usual;
}

void whiten(std::vector<ScoredSamples>& prompts, std::vector<double> ScoredSamples::*side) {
    std::vector<double> all;
    for (const ScoredSamples& prompt : prompts) all.insert(all.end(), (prompt.*side).begin(), (prompt.*side).end());
    const std::vector<double> white = safety::reward::whiten(all);
    auto next = white.begin();
    for (ScoredSamples& prompt : prompts) {
        for (double& value : prompt.*side) value = *next++;
    }
}

/// What two models may have in common, so that one does not see the other's mistakes; empty: nothing.
std::string overlap_remark(const RewardSource& choose, const RewardSource& measure) {
    const bool are_halves = choose.half != 0 && measure.half != 0 && choose.half_of == measure.half_of;
    if (are_halves && choose.half != measure.half) return "";
    if (!choose.trained_on.empty() && choose.trained_on == measure.trained_on)
        return "both were trained on the same pairs, so the gap is too small";
    return "not known to be trained on the two halves of the same prompts, so the gap may be too small";
}

void add_remark(std::string& remarks, const std::string& remark) {
    if (!remarks.empty() && !remark.empty()) remarks += "; ";
    remarks += remark;
}

std::optional<BestOfNCurve> curve_of(const std::vector<PromptRewards>& prompts, const RewardSource& choose,
                                     const RewardSource& measure) {
    std::vector<ScoredSamples> samples = samples_of(prompts, choose.scorer, measure.scorer);
    const std::size_t usual = usual_count(samples);
    if (usual < 2) return std::nullopt;
    const std::size_t before = samples.size();
    std::erase_if(samples, [usual](const ScoredSamples& prompt) { return prompt.choose.size() < usual; });
    BestOfNCurve curve{.chooser = choose.scorer, .measurer = std::nullopt, .prompts = samples.size(), .samples = usual};
    if (before > samples.size()) add_remark(curve.remark, "prompts with fewer scored answers are left out");
    if (choose.scorer != measure.scorer) {
        curve.measurer = measure.scorer;
        whiten(samples, &ScoredSamples::choose);
        whiten(samples, &ScoredSamples::measure);
        add_remark(curve.remark, overlap_remark(choose, measure));
    }
    for (const safety::reward::BestOfN& best : safety::reward::best_of_n_curve(samples))
        curve.points.push_back({best.n, best.kl, plain(best.chosen), plain(best.measured), plain(best.gap)});
    return curve;
}

}  // namespace

std::vector<BestOfNCurve> best_of_n_curves(const std::vector<PromptRewards>& prompts,
                                           const std::vector<RewardSource>& sources) {
    std::vector<BestOfNCurve> curves;
    const auto add = [&](const RewardSource& choose, const RewardSource& measure) {
        if (auto curve = curve_of(prompts, choose, measure)) curves.push_back(std::move(*curve));
    };
    for (const RewardSource& source : sources) add(source, source);
    if (sources.size() > 1) {
        add(sources[0], sources[1]);
        add(sources[1], sources[0]);
    }
    return curves;
}

}  // namespace harness::results
