#pragma once

#include <cstddef>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "harness/scoring/reward_model.hpp"
#include "harness/scoring/reward_pairs.hpp"
#include "safety/reward/accuracy.hpp"

namespace harness::scoring {

/// A reward model on pairs that can be told apart by style alone, such as CoCoNot's preference pairs, of which a linear
/// model of hashed 1-2-grams separates 97 %: there, accuracy is a warning and no evidence.
struct StyleCheck {
    safety::reward::Tally accuracy;
    std::map<std::string, std::size_t> left_out;  ///< number of pairs by the reason why they cannot be read

    /// Wilson's interval of the accuracy lies above 60 %, or below 40 %: the rewards follow (or shun) the style.
    bool follows_style() const;
};

/// By the stored head, which saw other pairs. Throws EngineError and StoreError.
StyleCheck check_style(const Backbone& backbone, const RewardModel& model, std::span<const PreferencePair> pairs,
                       const Backbone::OnProgress& on_progress = {});

/// {"accuracy": ..., "follows_style": true, "left_out": {...}}
nlohmann::json to_json(const StyleCheck& check);

}  // namespace harness::scoring
