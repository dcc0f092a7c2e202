#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "engine/chat.hpp"
#include "harness/scoring/backbone.hpp"
#include "harness/store/rows.hpp"
#include "safety/reward/head.hpp"

namespace harness::scoring {

/// The half of the prompts that a model was trained on. Two models on the halves 1 and 2 of the same pairs, with one
/// seed, share no prompt: one can choose answers and the other measure them.
struct TrainingHalf {
    int number = 1;          ///< 1 or 2
    std::uint64_t seed = 0;  ///< of the division
    std::string pairs_hash;  ///< of all pairs, before the division
};

/// A stored reward model, ready for its backbone.
struct RewardModel {
    std::string name;
    std::string fingerprint;  ///< of the backbone
    std::string backbone;     ///< its name
    std::string source;       ///< the MODEL argument that it was opened with; empty: from another machine
    std::string head_hash;    ///< SHA-256 (hex) of the head's text
    safety::reward::Head head;
    FeaturePlace place;
    engine::ChatFormat format = engine::ChatFormat::Plain;
    std::optional<TrainingHalf> half = {};  ///< none: trained on all prompts
    AnswerEnd end = AnswerEnd::Open;        ///< heads of this program read the answer's own last token
};

/// How a model came to be, beside its place and its backbone.
struct Training {
    std::string source;  ///< MODEL argument of the backbone
    std::uint64_t seed = 0;
    std::optional<TrainingHalf> half = {};
};

/// {"number": 1, "seed": 0, "pairs_hash": "77ab..."}: in the model's settings and in those of its scorer.
nlohmann::json to_json(const TrainingHalf& half);

/// The settings of a model that `reward_model` reads back.
std::string reward_settings(const FeaturePlace& place, const Backbone& backbone, const Training& training);

/// Throws UsageError that names the model and the field when the row is not a reward model: files come from anyone.
RewardModel reward_model(const store::RewardModelRow& row);

/// The reward model that `engine` is (opened with engine::Head::Scalar): its own head on its own last state, that of
/// the end-of-sequence token after the answer. Throws
/// UsageError when it has no scalar head.
RewardModel own_reward_model(const engine::LanguageModel& engine, const std::string& name, engine::ChatFormat format);

/// A stored model as the text of a file that another machine imports, without the path of its backbone:
///
///   {"format": "bellwether reward model", "version": 1, "name": "harmless", "created": "2025-01-31T12:00:00Z",
///    "backbone": {"name": "demo:chat", "fingerprint": "5c81..."}, "data_hash": "77ab...",
///    "settings": {"layer": 4, "pooling": "mean", ...}, "metrics": {...}, "head": {...}}
///
/// "head" is as in safety/reward/artifact.hpp. Throws UsageError for a row that is not a reward model.
std::string reward_file(const store::RewardModelRow& row);

/// The row that `reward_file` wrote; the head has the same bits. `where` is the file's name. Throws UsageError that
/// names the field.
store::RewardModelRow reward_from_file(std::string_view text, const std::string& where);

/// Throws UsageError when the backbone is not the one that the model was trained on.
void check_backbone(const RewardModel& model, const engine::ModelCard& card);

}  // namespace harness::scoring
