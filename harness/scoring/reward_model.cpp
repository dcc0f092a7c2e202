#include "harness/scoring/reward_model.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "harness/base/json.hpp"
#include "harness/base/sha256.hpp"
#include "harness/base/usage_error.hpp"
#include "safety/reward/artifact.hpp"
#include "safety/reward/error.hpp"

namespace harness::scoring {
namespace {

using nlohmann::json;

constexpr std::uint32_t kMaxLayers = 1 << 16;

[[noreturn]] void fail(const store::RewardModelRow& row, std::string_view reason) {
    throw base::UsageError(fmt::format("reward model '{}': {}", row.name, reason));
}

FeaturePlace place_of(const store::RewardModelRow& row, const json& settings) {
    FeaturePlace place;
    const json layer = settings.value("layer", json());
    if (!layer.is_number_unsigned() || layer.get<std::uint64_t>() > kMaxLayers) fail(row, "its settings have no layer");
    place.layer = layer.get<std::uint32_t>();
    const json pooling = settings.value("pooling", json());
    if (pooling != "last" && pooling != "mean") fail(row, "its settings have no pooling");
    place.pooling = pooling == "mean" ? engine::Pooling::Mean : engine::Pooling::Last;
    return place;
}

/// None for a model that was trained on all prompts. Files come from anyone.
std::optional<TrainingHalf> half_of(const store::RewardModelRow& row, const json& settings) {
    const json half = settings.value("half", json());
    if (half.is_null()) return std::nullopt;
    const json number = half.is_object() ? half.value("number", json()) : json();
    const bool is_whole = half.is_object() && half.value("seed", json()).is_number_unsigned() &&
                          half.value("pairs_hash", json()).is_string();
    if ((number != 1 && number != 2) || !is_whole) fail(row, "its settings name no half of the pairs");
    return TrainingHalf{number.get<int>(), half["seed"].get<std::uint64_t>(), half["pairs_hash"].get<std::string>()};
}

}  // namespace

json to_json(const TrainingHalf& half) {
    return {{"number", half.number}, {"seed", half.seed}, {"pairs_hash", half.pairs_hash}};
}

std::string reward_settings(const FeaturePlace& place, const Backbone& backbone, const Training& training) {
    json settings = {{"layer", place.layer},
                     {"pooling", to_string(place.pooling)},
                     {"chat_format", engine::to_string(backbone.format())},
                     {"numerics", backbone.card().numerics},
                     {"device", backbone.card().device},
                     {"context", backbone.card().context_length},
                     {"source", training.source},
                     {"seed", training.seed}};
    if (training.half) settings["half"] = to_json(*training.half);
    return settings.dump();
}

RewardModel reward_model(const store::RewardModelRow& row) {
    const json settings = base::json_or_null(row.settings_json);
    if (!settings.is_object()) fail(row, "its settings are no object");
    const json format = settings.value("chat_format", json());
    const std::optional<engine::ChatFormat> known =
        format.is_string() ? engine::chat_format_named(format.get<std::string>()) : std::nullopt;
    if (!known) fail(row, "its settings have no chat format that this build knows");
    RewardModel model{.name = row.name,
                      .fingerprint = row.fingerprint,
                      .backbone = row.backbone,
                      .source = {},
                      .head_hash = base::sha256_hex(row.head_json),
                      .head = {},
                      .place = place_of(row, settings),
                      .format = *known,
                      .half = half_of(row, settings)};
    if (const json source = settings.value("source", json()); source.is_string())
        model.source = source.get<std::string>();
    try {
        model.head = safety::reward::head_from_json(base::parse_ordered_json(row.head_json, "its head"));
    } catch (const safety::reward::RewardError& error) {
        fail(row, error.what());
    } catch (const base::JsonError& error) {
        fail(row, error.what());
    }
    return model;
}

RewardModel own_reward_model(const engine::LanguageModel& engine, const std::string& name, engine::ChatFormat format) {
    const engine::ModelCard& card = engine.card();
    const std::optional<engine::ScalarHead> head = engine.scalar_head();
    if (!head) throw base::UsageError(name + " has no scalar head, so it is not a reward model");
    RewardModel model{.name = card.name,
                      .fingerprint = card.fingerprint,
                      .backbone = name,
                      .source = {},
                      .head_hash = {},  // the fingerprint is of the head too
                      .head = {},
                      .place = {.layer = card.layers, .pooling = engine::Pooling::Last},
                      .format = format,
                      .half = {},
                      .end = AnswerEnd::Eos};
    model.head.weights.assign(head->weights.begin(), head->weights.end());
    model.head.bias = head->bias;
    model.head.scaling.mean.assign(head->weights.size(), 0);
    model.head.scaling.scale.assign(head->weights.size(), 1);
    return model;
}

void check_backbone(const RewardModel& model, const engine::ModelCard& card) {
    if (model.fingerprint != card.fingerprint) {
        throw base::UsageError(fmt::format(
            "reward model '{}' was trained on the states of {} ({}); {} is another model ({}). Name that one with "
            "--backbone",
            model.name, model.backbone, model.fingerprint.substr(0, 12), card.name, card.fingerprint.substr(0, 12)));
    }
    if (model.head.weights.size() != card.dim || model.place.layer > card.layers) {
        throw base::UsageError(
            fmt::format("reward model '{}' has {} weights for layer {}; its backbone has states of {} and {} layers",
                        model.name, model.head.weights.size(), model.place.layer, card.dim, card.layers));
    }
}

}  // namespace harness::scoring
