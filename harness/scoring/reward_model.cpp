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

}  // namespace

std::string reward_settings(const FeaturePlace& place, const Backbone& backbone, const Training& training) {
    return json{{"layer", place.layer},
                {"pooling", to_string(place.pooling)},
                {"chat_format", engine::to_string(backbone.format())},
                {"numerics", backbone.card().numerics},
                {"device", backbone.card().device},
                {"context", backbone.card().context_length},
                {"source", training.source},
                {"seed", training.seed}}
        .dump();
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
                      .format = *known};
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
