#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/json.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/chat_prompt.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/engine_options.hpp"
#include "harness/cli/interrupt.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/progress.hpp"
#include "harness/cli/reward_models.hpp"
#include "harness/cli/scorers.hpp"
#include "harness/cli/stopped.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/study_pairs.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/model/model_source.hpp"
#include "harness/scoring/reward_model.hpp"
#include "harness/scoring/reward_training.hpp"
#include "harness/store/hidden_state_store.hpp"
#include "safety/reward/artifact.hpp"
#include "safety/reward/error.hpp"

namespace harness::cli {
namespace {

using engine::Pooling;
using nlohmann::json;
using scoring::FeaturePlace;
using scoring::PlacedHead;

struct RewardTrainOptions {
    std::string name;
    std::string backbone;
    PairSources pairs;
    std::string database;
    std::optional<std::uint32_t> layer;  ///< none: tried
    std::vector<Pooling> poolings = {Pooling::Last, Pooling::Mean};
    std::uint64_t seed = 0;
    std::optional<int> half;  ///< none: all prompts
    std::string chat_format;
    engine::EngineOptions engine;
    bool json = false;
};

/// A layer, or "auto" for none.
Reader layer_or_auto(std::optional<std::uint32_t>& layer) {
    return [&layer](const std::vector<std::string>& words) {
        layer.reset();
        if (words.back() == "auto") return;
        try {
            whole_number(layer)(words);
        } catch (const ValueError& error) {
            throw ValueError(std::string(error.what()) + "; or write auto");
        }
    };
}

std::vector<FeaturePlace> places_of(const RewardTrainOptions& options, const engine::ModelCard& card) {
    if (options.layer.value_or(0) > card.layers)
        throw base::UsageError(fmt::format("--layer {}: {} has {} layers", *options.layer, card.name, card.layers));
    std::vector<std::uint32_t> layers = {card.layers};
    if (options.layer) {
        layers = {*options.layer};
    } else if (card.layers > 1) {
        layers.push_back(card.layers / 2);
    }
    std::vector<FeaturePlace> places;
    for (const std::uint32_t layer : layers) {
        for (const Pooling pooling : options.poolings) places.push_back({layer, pooling});
    }
    return places;
}

std::string text_of(const FeaturePlace& place) {
    return fmt::format("layer {}, {}", place.layer, scoring::to_string(place.pooling));
}

json to_json(const store::RewardModelRow& row, const std::vector<PlacedHead>& heads,
             const scoring::EncodedPairs& pairs) {
    json tried = json::array();
    for (const PlacedHead& one : heads) {
        tried.push_back({{"layer", one.place.layer},
                         {"pooling", scoring::to_string(one.place.pooling)},
                         {"validation_loss", one.head.validation_loss}});
    }
    return {{"name", row.name},
            {"backbone", row.backbone},
            {"fingerprint", row.fingerprint},
            {"data_hash", row.data_hash},
            {"settings", base::json_or_null(row.settings_json)},
            {"pairs", pairs.pairs.size()},
            {"left_out", pairs.left_out},
            {"tried", std::move(tried)}};
}

void print_model(const store::RewardModelRow& row, const std::vector<PlacedHead>& heads, const std::string& study) {
    const PlacedHead& best = scoring::best_of(heads);
    print_paragraph(
        fmt::format("{}: trained on {} pairs; {} others chose its settings: {}, validation loss {:.4f} "
                    "(a coin: 0.6931)",
                    row.name, best.head.training_pairs, best.head.validation_pairs, text_of(best.place),
                    best.head.validation_loss));
    if (heads.size() > 1) {
        std::string others;
        for (const PlacedHead& one : heads) {
            if (one.place == best.place) continue;
            others +=
                fmt::format("{}{}: {:.4f}", others.empty() ? "" : "; ", text_of(one.place), one.head.validation_loss);
        }
        print_paragraph("Tried too: " + others);
    }
    print_paragraph(fmt::format("How far to trust it: bellwether reward eval {} {}", row.name,
                                study.empty() ? "--pairs FILE" : "--from-study " + study));
}

/// Throws UsageError when the name is taken: scores are kept under it.
void check_name(const store::Database& database, const RewardTrainOptions& options) {
    if (store::RewardStore(database).find(options.name))
        throw base::UsageError(
            fmt::format("{}: there is a reward model '{}' already; its scores are kept under its "
                        "name, so give the new one another",
                        options.database, options.name));
}

/// The pairs to train on, and which half of all they are.
struct TrainingPairs {
    std::vector<scoring::PreferencePair> pairs;
    std::optional<scoring::TrainingHalf> half;
};

TrainingPairs training_pairs(const RewardTrainOptions& options) {
    std::vector<scoring::PreferencePair> all = pairs_of(options.pairs, options.database);
    if (!options.half) return {std::move(all), std::nullopt};
    try {
        return {scoring::half_of_pairs(all, *options.half, options.seed),
                scoring::TrainingHalf{*options.half, options.seed, scoring::data_hash(all)}};
    } catch (const safety::reward::RewardError& error) {
        throw base::UsageError(fmt::format("--half: {}", error.what()));
    }
}

std::vector<PlacedHead> trained(const scoring::Backbone& backbone, const scoring::EncodedPairs& encoded,
                                const scoring::TrainingSettings& settings, ProgressBar& bar) {
    const scoring::OnPlace on_place = [&bar](const FeaturePlace& place, std::size_t done, std::size_t total) {
        bar.update(text_of(place), done, total, done);
        stop_if_interrupted(kStatesAreStored);
    };
    try {
        return stoppable(kStatesAreStored, [&] { return scoring::train_heads(backbone, encoded, settings, on_place); });
    } catch (const safety::reward::RewardError& error) {
        throw base::UsageError(fmt::format("--pairs: {}", error.what()));
    }
}

ExitCode train(const RewardTrainOptions& options) {
    const TrainingPairs training = training_pairs(options);
    DatabaseToWrite database(options.database);
    if (database.exists()) check_name(database.get(), options);
    const InterruptWatch watch;
    const model::ModelSource source(options.backbone);
    ProgressBar bar(source.variant(), "answers");
    bar.phase("opening the model");
    const auto model = source.open(interruptible(options.engine, bar));
    const engine::ChatFormat format = source.chat_format(model->tokenizer(), options.chat_format);
    const scoring::TrainingSettings settings{.places = places_of(options, model->card()), .seed = options.seed};
    const scoring::EncodedPairs encoded = scoring::encode_pairs(scoring::Backbone(*model, format), training.pairs);
    check_encoded(encoded);

    store::HiddenStateStore cache(database.get());
    const scoring::Backbone backbone(*model, format, &cache);
    const std::vector<PlacedHead> heads = trained(backbone, encoded, settings, bar);
    const PlacedHead& best = scoring::best_of(heads);
    const store::RewardModelRow row{.name = options.name,
                                    .fingerprint = model->card().fingerprint,
                                    .backbone = source.variant(),
                                    .head_json = safety::reward::head_to_json(best.head).dump(),
                                    .data_hash = scoring::data_hash(training.pairs),
                                    .settings_json = scoring::reward_settings(
                                        best.place, backbone, {options.backbone, options.seed, training.half})};
    store::RewardStore(database.get()).add(row);
    if (options.json) {
        print_json(to_json(row, heads, encoded));
    } else {
        print_model(row, heads, options.pairs.study);
    }
    return ExitCode::Done;
}

}  // namespace

void add_reward_train(Verb& reward) {
    Verb& verb = reward.verb("train", "Train a reward model from people's preferences");
    auto& options = verb.command(train);
    verb.argument("NAME", text_not_empty(options.name), kRewardNameHelp).required();
    verb.option("--backbone", "MODEL", text_not_empty(options.backbone),
                "Model whose hidden states are the features: a GGUF file, or demo:base, demo:helpful, demo:chat")
        .required();
    pair_source_options(verb, options.pairs);
    database_option(verb, options.database);
    verb.option("--layer", "N|auto", layer_or_auto(options.layer),
                "Blocks that have run: 0 is the embedding; auto (default): the last and the middle one, by validation");
    verb.option(
        "--pool", "last|mean|auto",
        choice(options.poolings,
               {{"last", {Pooling::Last}}, {"mean", {Pooling::Mean}}, {"auto", {Pooling::Last, Pooling::Mean}}}),
        "State of the last token, or the mean of all; auto (default): by validation");
    verb.option("--seed", "N", whole_number(options.seed), "Of the split into training and validation (default: 0)")
        .of_its_verb();
    verb.option("--half", "1|2", choice(options.half, {{"1", std::optional(1)}, {"2", std::optional(2)}}),
                "Train on one half of the prompts only, divided by their hash with --seed: a second model on the other "
                "half shows what choosing by the first one is worth")
        .of_its_verb();
    chat_format_option(verb, options.chat_format);
    json_flag(verb, options.json);
    engine_options(verb, options.engine);
    verb.example("bellwether reward train harmless --backbone demo:chat --pairs pairs.jsonl");
    verb.example("bellwether reward train safe --backbone demo:chat --from-study safety-pairs");
    verb.example("bellwether reward train first --backbone demo:chat --pairs pairs.jsonl --half 1");
}

}  // namespace harness::cli
