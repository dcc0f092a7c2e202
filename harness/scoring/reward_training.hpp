#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "harness/scoring/backbone.hpp"
#include "harness/scoring/reward_pairs.hpp"
#include "safety/reward/trainer.hpp"

namespace harness::scoring {

struct TrainingSettings {
    std::vector<FeaturePlace> places;  ///< tried one after another; not empty
    std::uint64_t seed = 0;            ///< of the split
    double validation = 0.2;           ///< share of the prompts that choose place, settings and temperature
    safety::reward::Grid grid = {};
};

/// The head trained on the features of one place.
struct PlacedHead {
    FeaturePlace place;
    safety::reward::Head head;
};

/// Called before and during the work on each place.
using OnPlace = std::function<void(const FeaturePlace& place, std::size_t done, std::size_t total)>;

/// One head per place, in their order, all on the same split by prompt. Throws RewardError where there are too few
/// pairs, EngineError and StoreError.
std::vector<PlacedHead> train_heads(const Backbone& backbone, const EncodedPairs& pairs,
                                    const TrainingSettings& settings, const OnPlace& on_place = {});

/// The head with the lowest validation loss, the first of equal ones; `heads` is not empty.
const PlacedHead& best_of(const std::vector<PlacedHead>& heads);

}  // namespace harness::scoring
