#include "harness/scoring/reward_evaluation.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "reports/statistics/interval.hpp"
#include "reports/statistics/paired.hpp"
#include "safety/refusal/refusal.hpp"
#include "safety/reward/baselines.hpp"
#include "safety/reward/ngrams.hpp"
#include "suites/text.hpp"

namespace harness::scoring {
namespace {

using safety::reward::CrossFit;
using safety::reward::Tally;

constexpr double kSignificant = 0.05;
/// Answers that are scored under another prompt: enough for an interval of +- 4 points.
constexpr std::size_t kMaxSwapped = 500;

/// What baselines and diagnostics see of the answers, by feature row.
struct Texts {
    std::vector<double> length;   // bytes
    std::vector<double> refusal;  // 0 to 1
    std::vector<double> lists;    // lines that start with a list marker
    std::vector<std::vector<std::uint32_t>> ngrams;
};

double refusal_of(const std::string& answer) {
    return safety::refusal::share_declined(safety::refusal::detect(answer).refusal).value_or(0);
}

/// "- ", "* ", "1. ", "12) "
bool is_list_item(std::string_view line) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    const std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
    const std::string_view mark = line.substr(digits).substr(0, 2);
    return digits > 0 ? mark == ". " || mark == ") " : mark == "- " || mark == "* ";
}

double list_items(std::string_view text) {
    double items = 0;
    while (!text.empty()) {
        if (is_list_item(suites::take_line(text))) ++items;
    }
    return items;
}

Texts texts_of(const EncodedPairs& pairs) {
    Texts texts;
    for (const PreferencePair& pair : pairs.texts) {
        for (const std::string* answer : {&pair.chosen, &pair.rejected}) {
            texts.length.push_back(static_cast<double>(answer->size()));
            texts.refusal.push_back(refusal_of(*answer));
            texts.lists.push_back(list_items(*answer));
            texts.ngrams.push_back(safety::reward::hash_ngrams(words_of(*answer)));
        }
    }
    return texts;
}

BaselineResult compared(std::string name, std::span<const double> baseline, std::span<const double> reward) {
    BaselineResult result{.name = std::move(name), .accuracy = safety::reward::preference_accuracy(baseline)};
    const std::vector<double> theirs = safety::reward::correctness(baseline);
    const std::vector<double> ours = safety::reward::correctness(reward);
    for (std::size_t i = 0; i < ours.size(); ++i) {
        if (ours[i] > theirs[i]) ++result.only_reward;
        if (ours[i] < theirs[i]) ++result.only_baseline;
    }
    result.mcnemar_p = reports::statistics::mcnemar_exact(result.only_reward, result.only_baseline);
    return result;
}

std::vector<BaselineResult> baselines_of(const EncodedPairs& pairs, const Texts& texts, const CrossFit& fit,
                                         const safety::reward::CrossFitSettings& settings) {
    const auto by_value = [&](const std::vector<double>& values) {
        return safety::reward::value_baseline(values, pairs.pairs, fit.folds).differences;
    };
    std::vector<BaselineResult> results = {
        compared("length", by_value(texts.length), fit.differences),
        compared("1-2-grams",
                 safety::reward::ngram_baseline(texts.ngrams, pairs.pairs, fit.folds,
                                                {.seed = settings.seed, .validation = settings.validation}),
                 fit.differences),
        compared("refusal", by_value(texts.refusal), fit.differences)};
    std::stable_sort(results.begin(), results.end(), [](const BaselineResult& a, const BaselineResult& b) {
        return a.accuracy.accuracy() > b.accuracy.accuracy();
    });
    return results;
}

/// Chosen answers under the prompt of the next group, in the order of the groups' hashes.
Tally swapped_prompts(const Backbone& backbone, const EncodedPairs& pairs, const FeaturePlace& place,
                      const CrossFit& fit) {
    std::vector<std::size_t> order(pairs.pairs.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return pairs.pairs[a].group < pairs.pairs[b].group; });
    std::vector<std::size_t> asked;
    std::vector<std::vector<engine::TokenId>> sequences;
    for (std::size_t i = 0; i + 1 < order.size() && asked.size() < kMaxSwapped; ++i) {
        if (pairs.pairs[order[i]].group == pairs.pairs[order[i + 1]].group) continue;
        EncodedAnswer swapped = backbone.encode(pairs.texts[order[i + 1]].turns, pairs.texts[order[i]].chosen);
        if (!swapped.error.empty()) continue;
        asked.push_back(order[i]);
        sequences.push_back(std::move(swapped.ids));
    }
    const std::vector<std::vector<float>> features = backbone.features(sequences, place);
    std::vector<double> own;
    std::vector<double> other;
    for (std::size_t i = 0; i < asked.size(); ++i) {
        own.push_back(fit.scores[pairs.pairs[asked[i]].chosen].value());
        other.push_back(fit.heads[fit.folds[asked[i]]].score(features[i]));
    }
    return safety::reward::swapped_prompt_accuracy(own, other);
}

}  // namespace

bool RewardEvaluation::beats_baselines() const {
    const BaselineResult& best = baselines.front();
    return accuracy.accuracy() > best.accuracy.accuracy() && best.mcnemar_p < kSignificant;
}

RewardEvaluation evaluate_reward(const Backbone& backbone, const EncodedPairs& pairs, const FeaturePlace& place,
                                 const safety::reward::CrossFitSettings& settings,
                                 const Backbone::OnProgress& on_progress) {
    const std::vector<float> features = feature_matrix(backbone.features(pairs.sequences, place, on_progress));
    const CrossFit fit = safety::reward::cross_fit({features, backbone.card().dim}, pairs.pairs, settings);
    const Texts texts = texts_of(pairs);
    std::vector<double> scores;  // every row is in a pair
    for (const std::optional<double>& score : fit.scores) scores.push_back(score.value());
    RewardEvaluation evaluation;
    evaluation.folds = settings.folds;
    evaluation.accuracy = safety::reward::preference_accuracy(fit.differences);
    evaluation.baselines = baselines_of(pairs, texts, fit, settings);
    evaluation.table = safety::reward::accuracy_table(fit.differences, pairs.pairs);
    evaluation.unsafe_recall = safety::reward::unsafe_recall(scores, pairs.pairs);
    const std::vector<safety::reward::Forecast> forecasts = safety::reward::preference_forecasts(fit.differences);
    evaluation.reliability = safety::reward::reliability(forecasts);
    evaluation.calibration_error = safety::reward::calibration_error(evaluation.reliability);
    evaluation.brier = safety::reward::brier(forecasts);
    evaluation.log_loss = safety::reward::preference_log_loss(fit.differences);
    evaluation.style = safety::reward::style_associations(
        scores, {.length = texts.length, .refusal = texts.refusal, .lists = texts.lists});
    evaluation.length_matched = safety::reward::length_matched_accuracy(fit.differences, pairs.pairs, texts.length);
    evaluation.swapped_prompt = swapped_prompts(backbone, pairs, place, fit);
    return evaluation;
}

std::optional<reports::data::Interval> interval_of(const Tally& tally) {
    if (tally.total == 0) return std::nullopt;
    return reports::statistics::wilson95(tally.accuracy(), static_cast<double>(tally.total));
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    const auto end_word = [&] {
        if (!word.empty()) words.push_back(std::exchange(word, {}));
    };
    for (const char c : text) {
        const bool is_upper = c >= 'A' && c <= 'Z';
        const bool is_part = is_upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '\'' ||
                             static_cast<unsigned char>(c) >= 0x80;
        if (is_part) {
            word += is_upper ? static_cast<char>(c - 'A' + 'a') : c;
        } else {
            end_word();
        }
    }
    end_word();
    return words;
}

}  // namespace harness::scoring
