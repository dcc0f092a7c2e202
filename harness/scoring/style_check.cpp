#include "harness/scoring/style_check.hpp"

#include "harness/scoring/reward_evaluation.hpp"

namespace harness::scoring {

bool StyleCheck::follows_style() const {
    constexpr double kHigh = 0.6;
    constexpr double kLow = 0.4;
    const auto interval = interval_of(accuracy);
    return interval && (interval->low > kHigh || interval->high < kLow);
}

StyleCheck check_style(const Backbone& backbone, const RewardModel& model, std::span<const PreferencePair> pairs,
                       const Backbone::OnProgress& on_progress) {
    const EncodedPairs encoded = encode_pairs(backbone, pairs);
    const std::vector<float> features = feature_matrix(backbone.features(encoded.sequences, model.place, on_progress));
    const std::vector<double> scores = model.head.scores({features, backbone.card().dim});
    return {safety::reward::preference_accuracy(safety::reward::differences_of(scores, encoded.pairs)),
            encoded.left_out};
}

}  // namespace harness::scoring
