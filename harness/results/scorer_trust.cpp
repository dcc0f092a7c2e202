#include "harness/results/scorer_trust.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "harness/base/json.hpp"
#include "harness/results/agreement_words.hpp"

namespace harness::results {
namespace {

using base::member_of;
using nlohmann::json;

std::string number(const json& value) {
    return value.is_number() ? fmt::format("{:.4f}", value.get<double>()) : "";
}

using Bounds = std::pair<double, double>;

/// The bounds of an estimate's 95 % interval; nullopt without one.
std::optional<Bounds> interval_of(const json& estimate) {
    const json& ci95 = member_of(estimate, "ci95");
    if (!ci95.is_array() || ci95.size() != 2 || !ci95[0].is_number() || !ci95[1].is_number()) return std::nullopt;
    return Bounds(ci95[0].get<double>(), ci95[1].get<double>());
}

/// " (95 % interval 0.9300 to 0.9690)"; empty without an interval.
std::string interval(const json& estimate) {
    const auto ci95 = interval_of(estimate);
    return ci95 ? fmt::format(" (95 % interval {:.4f} to {:.4f})", ci95->first, ci95->second) : "";
}

/// "same class 88.7 % (85.4 to 91.3 %), Gwet's AC1 0.847 (0.804 to 0.881)" of those that are there.
std::string coefficients(const json& estimates) {
    std::string text;
    for (const auto& [name, title] : agreement_titles()) {
        const json& one = member_of(estimates, name);
        if (!member_of(one, "value").is_number()) continue;
        text +=
            fmt::format("{}{} {}", text.empty() ? "" : ", ", title, estimate_text(name, one["value"].get<double>()));
        if (const auto ci95 = interval_of(one))
            text += fmt::format(" ({})", interval_text(name, ci95->first, ci95->second));
    }
    return text;
}

}  // namespace

std::optional<bool> beats_baselines(const store::RewardModelRow& model) {
    const json metrics = base::json_or_null(model.metrics_json);
    const json& beats = member_of(metrics, "beats_baselines");
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
    const json& own = member_of(metrics, "accuracy");
    if (!member_of(own, "accuracy").is_number()) return {};
    std::vector<std::string> lines = {fmt::format("pairs of answers put in people's order, cross-fitted: {}{} of {}",
                                                  number(member_of(own, "accuracy")), interval(own),
                                                  member_of(own, "pairs").dump())};
    const json& baselines = member_of(metrics, "baselines");
    if (baselines.is_array() && !baselines.empty() && member_of(baselines[0], "name").is_string()) {
        lines.push_back(fmt::format("best baseline, {}: {}{}, McNemar p {}",
                                    baselines[0]["name"].get_ref<const std::string&>(),
                                    number(member_of(baselines[0], "accuracy")), interval(baselines[0]),
                                    number(member_of(baselines[0], "mcnemar_p"))));
    }
    return lines;
}

std::string accuracy_sentence(const store::ScorerAccuracyRow& measured) {
    const json metrics = base::json_or_null(measured.metrics_json);
    std::string text = fmt::format("agreement with people on {} ({} {}): {}", measured.labels, measured.items,
                                   measured.scale == "preference" ? "pairs" : "answers",
                                   coefficients(member_of(metrics, "agreement")));
    const std::string people = coefficients(member_of(metrics, "people"));
    return people.empty() ? text : text + "; people among themselves: " + people;
}

}  // namespace harness::results
