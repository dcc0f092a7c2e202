#include "harness/results/scorer_trust.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "harness/base/json.hpp"

namespace harness::results {
namespace {

using nlohmann::json;

/// A member of what may be anything; null when it is not there.
const json& member(const json& object, const char* field) {
    static const json kNull;
    if (!object.is_object()) return kNull;
    const auto found = object.find(field);
    return found == object.end() ? kNull : *found;
}

std::string number(const json& value) {
    return value.is_number() ? fmt::format("{:.4f}", value.get<double>()) : "";
}

/// " (95 % interval 0.9300 to 0.9690)"; empty without an interval.
std::string interval(const json& object) {
    const json& ci95 = member(object, "ci95");
    if (!ci95.is_array() || ci95.size() != 2 || !ci95[0].is_number() || !ci95[1].is_number()) return "";
    return fmt::format(" (95 % interval {} to {})", number(ci95[0]), number(ci95[1]));
}

/// "accuracy 0.9530 (95 % interval ...), AC1 ..." of those that are there.
std::string coefficients(const json& agreement) {
    constexpr std::array kNames = {std::pair{"accuracy", "accuracy"}, std::pair{"ac1", "AC1"},
                                   std::pair{"ac2", "AC2"},           std::pair{"kappa", "kappa"},
                                   std::pair{"alpha", "alpha"},       std::pair{"spearman", "Spearman"}};
    std::string text;
    for (const auto& [field, name] : kNames) {
        const json& one = member(agreement, field);
        if (!member(one, "value").is_number()) continue;
        text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", name, number(member(one, "value")), interval(one));
    }
    return text;
}

}  // namespace

std::optional<bool> beats_baselines(const store::RewardModelRow& model) {
    const json metrics = base::json_or_null(model.metrics_json);
    const json& beats = member(metrics, "beats_baselines");
    return beats.is_boolean() ? std::optional(beats.get<bool>()) : std::nullopt;
}

std::string reward_distrust(const store::RewardModelRow& model) {
    const std::optional<bool> beats = beats_baselines(model);
    if (!beats) {
        return fmt::format("{} was not evaluated: 'bellwether reward eval {} --pairs FILE' says how far to trust it",
                           model.name, model.name);
    }
    if (*beats) return "";
    return model.name + " does not beat the best baseline: its rewards are no evidence ('bellwether reward list')";
}

std::vector<std::string> reward_accuracy(const store::RewardModelRow& model) {
    const json metrics = base::json_or_null(model.metrics_json);
    const json& own = member(metrics, "accuracy");
    if (!member(own, "accuracy").is_number()) return {};
    std::vector<std::string> lines = {fmt::format("pairs of answers put in people's order, cross-fitted: {}{} of {}",
                                                  number(member(own, "accuracy")), interval(own),
                                                  member(own, "pairs").dump())};
    const json& baselines = member(metrics, "baselines");
    if (baselines.is_array() && !baselines.empty() && member(baselines[0], "name").is_string()) {
        lines.push_back(fmt::format("best baseline, {}: {}{}, McNemar p {}",
                                    baselines[0]["name"].get_ref<const std::string&>(),
                                    number(member(baselines[0], "accuracy")), interval(baselines[0]),
                                    number(member(baselines[0], "mcnemar_p"))));
    }
    return lines;
}

std::string accuracy_sentence(const store::ScorerAccuracyRow& measured) {
    const json metrics = base::json_or_null(measured.metrics_json);
    std::string text = fmt::format("{}: {} of {} answers of {}", measured.scale,
                                   coefficients(member(metrics, "agreement")), measured.items, measured.labels);
    const std::string people = coefficients(member(metrics, "people"));
    return people.empty() ? text : text + "; people among themselves: " + people;
}

}  // namespace harness::results
