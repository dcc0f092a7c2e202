#include "harness/scoring/reward_training.hpp"

#include <algorithm>

#include "safety/reward/split.hpp"

namespace harness::scoring {

std::vector<PlacedHead> train_heads(const Backbone& backbone, const EncodedPairs& pairs,
                                    const TrainingSettings& settings, const OnPlace& on_place) {
    const safety::reward::Split split =
        safety::reward::split_by_group(pairs.pairs, {.validation = settings.validation}, settings.seed);
    std::vector<PlacedHead> heads;
    for (const FeaturePlace& place : settings.places) {
        const Backbone::OnProgress on_progress = [&](std::size_t done, std::size_t total) {
            if (on_place) on_place(place, done, total);
        };
        on_progress(0, pairs.sequences.size());
        const std::vector<float> features = feature_matrix(backbone.features(pairs.sequences, place, on_progress));
        const safety::reward::FeatureView view{features, backbone.card().dim};
        heads.push_back({place, safety::reward::train(view, split.training, split.validation, settings.grid)});
    }
    return heads;
}

const PlacedHead& best_of(const std::vector<PlacedHead>& heads) {
    return *std::min_element(heads.begin(), heads.end(), [](const PlacedHead& a, const PlacedHead& b) {
        return a.head.validation_loss < b.head.validation_loss;
    });
}

}  // namespace harness::scoring
