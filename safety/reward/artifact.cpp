#include "safety/reward/artifact.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "safety/reward/error.hpp"

namespace safety::reward {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view kFormat = "bellwether reward head";
constexpr std::uint64_t kVersion = 1;
constexpr std::uint64_t kMaxDim = 1 << 20;

constexpr std::array kMargins = {std::pair{Margins::None, "none"}, std::pair{Margins::Small, "small"},
                                 std::pair{Margins::Large, "large"}};
constexpr std::array kStops = {std::pair{Stop::Converged, "converged"},
                               std::pair{Stop::MaxIterations, "max_iterations"},
                               std::pair{Stop::NoProgress, "no_progress"}};

template <class Names, class Value>
std::string name_of(const Names& names, Value value) {
    return std::find_if(names.begin(), names.end(), [&](const auto& entry) { return entry.first == value; })->second;
}

double finite(double value, std::string_view field) {
    if (!std::isfinite(value)) throw RewardError(fmt::format("head: {} is not a finite number", field));
    return value;
}

ordered_json finite_list(const std::vector<double>& values, std::string_view field) {
    ordered_json list = ordered_json::array();
    for (const double value : values) list.push_back(finite(value, field));
    return list;
}

/// The fields of an object, with the place of each for messages.
class Fields {
public:
    /// Throws if `json` is no object or has other fields than `names`.
    Fields(const ordered_json& json, std::string path, std::initializer_list<std::string_view> names)
        : json_(json), path_(std::move(path)) {
        if (!json.is_object()) throw RewardError(fmt::format("head: {}must be an object", at_start()));
        for (const auto& [name, value] : json.items()) {
            if (std::find(names.begin(), names.end(), name) == names.end())
                throw RewardError(fmt::format("head: unknown field {}{}", path_, shortened(name)));
        }
    }

    [[noreturn]] void fail(std::string_view name, std::string_view reason) const {
        throw RewardError(fmt::format("head: {}{}: {}", path_, name, reason));
    }

    const ordered_json& at(std::string_view name) const {
        const auto found = json_.find(std::string(name));
        if (found == json_.end()) fail(name, "is missing");
        return *found;
    }

    double number(std::string_view name) const { return number_in(at(name), name); }

    double number_at_least_0(std::string_view name) const {
        const double value = number(name);
        if (value < 0) fail(name, "must be at least 0");
        return value;
    }

    std::uint64_t count(std::string_view name) const {
        const ordered_json& value = at(name);
        const bool is_count =
            value.is_number_unsigned() || (value.is_number_integer() && value.get<std::int64_t>() >= 0);
        if (!is_count) fail(name, "must be a non-negative integer");
        return value.get<std::uint64_t>();
    }

    std::string text(std::string_view name) const {
        if (!at(name).is_string()) fail(name, "must be a string");
        return at(name).get<std::string>();
    }

    bool flag(std::string_view name) const {
        if (!at(name).is_boolean()) fail(name, "must be true or false");
        return at(name).get<bool>();
    }

    std::vector<double> numbers(std::string_view name, std::size_t size) const {
        const ordered_json& list = at(name);
        if (!list.is_array() || list.size() != size) fail(name, fmt::format("must be a list of {} numbers", size));
        std::vector<double> values;
        values.reserve(size);
        for (const ordered_json& value : list) values.push_back(number_in(value, name));
        return values;
    }

    /// The value with this name in a table of names.
    template <class Names>
    auto named(std::string_view name, const Names& names) const {
        const std::string found = text(name);
        std::string known;
        for (const auto& [value, text] : names) {
            if (found == text) return value;
            known += (known.empty() ? "" : ", ") + std::string(text);
        }
        fail(name, fmt::format("unknown value \"{}\"; known: {}", shortened(found), known));
    }

private:
    double number_in(const ordered_json& value, std::string_view name) const {
        if (!value.is_number() || !std::isfinite(value.get<double>())) fail(name, "must be a finite number");
        return value.get<double>();
    }

    std::string at_start() const { return path_.empty() ? "" : path_.substr(0, path_.size() - 1) + ": "; }

    /// A file may be anything: its words do not fill the screen.
    static std::string shortened(const std::string& word) {
        constexpr std::size_t kMax = 40;
        return word.size() <= kMax ? word : word.substr(0, kMax) + "...";
    }

    const ordered_json& json_;
    std::string path_;
};

HeadSettings settings_from(const ordered_json& json) {
    const Fields fields(json, "settings.", {"standardise", "margins", "l2", "auxiliary"});
    HeadSettings settings;
    settings.standardise = fields.flag("standardise") ? Standardise::Yes : Standardise::No;
    settings.margins = fields.named("margins", kMargins);
    settings.l2 = fields.number_at_least_0("l2");
    settings.auxiliary = fields.number_at_least_0("auxiliary");
    return settings;
}

void read_training(const ordered_json& json, Head& head) {
    const Fields fields(json, "training.", {"pairs", "validation_pairs", "validation_loss", "stop", "curve"});
    head.training_pairs = fields.count("pairs");
    head.validation_pairs = fields.count("validation_pairs");
    head.validation_loss = fields.number_at_least_0("validation_loss");
    head.stop = fields.named("stop", kStops);
    const ordered_json& curve = fields.at("curve");
    if (!curve.is_array()) fields.fail("curve", "must be a list of pairs of numbers");
    for (const ordered_json& entry : curve) {
        const auto is_finite = [](const ordered_json& value) {
            return value.is_number() && std::isfinite(value.get<double>());
        };
        if (!entry.is_array() || entry.size() != 2 || !is_finite(entry[0]) || !is_finite(entry[1]))
            fields.fail("curve", "must be a list of pairs of numbers");
        head.curve.push_back({entry[0].get<double>(), entry[1].get<double>()});
    }
}

}  // namespace

ordered_json head_to_json(const Head& head) {
    ordered_json curve = ordered_json::array();
    for (const Progress& entry : head.curve)
        curve.push_back({finite(entry.value, "training.curve"), finite(entry.gradient_norm, "training.curve")});
    return {
        {"format", kFormat},
        {"version", kVersion},
        {"dim", head.weights.size()},
        {"settings",
         {{"standardise", head.settings.standardise == Standardise::Yes},
          {"margins", name_of(kMargins, head.settings.margins)},
          {"l2", finite(head.settings.l2, "settings.l2")},
          {"auxiliary", finite(head.settings.auxiliary, "settings.auxiliary")}}},
        {"weights", finite_list(head.weights, "weights")},
        {"bias", finite(head.bias, "bias")},
        {"mean", finite_list(head.scaling.mean, "mean")},
        {"scale", finite_list(head.scaling.scale, "scale")},
        {"temperature", finite(head.temperature, "temperature")},
        {"training",
         {{"pairs", head.training_pairs},
          {"validation_pairs", head.validation_pairs},
          {"validation_loss", finite(head.validation_loss, "training.validation_loss")},
          {"stop", name_of(kStops, head.stop)},
          {"curve", std::move(curve)}}},
    };
}

Head head_from_json(const ordered_json& json) {
    const Fields fields(
        json, "",
        {"format", "version", "dim", "settings", "weights", "bias", "mean", "scale", "temperature", "training"});
    if (fields.text("format") != kFormat) fields.fail("format", fmt::format("must be \"{}\"", kFormat));
    if (fields.count("version") != kVersion)
        fields.fail("version", fmt::format("is {}; this build reads version {}", fields.count("version"), kVersion));
    const std::uint64_t dim = fields.count("dim");
    if (dim < 1 || dim > kMaxDim) fields.fail("dim", fmt::format("must be 1 to {}", kMaxDim));
    Head head;
    head.settings = settings_from(fields.at("settings"));
    head.weights = fields.numbers("weights", dim);
    head.bias = fields.number("bias");
    head.scaling.mean = fields.numbers("mean", dim);
    head.scaling.scale = fields.numbers("scale", dim);
    if (std::any_of(head.scaling.scale.begin(), head.scaling.scale.end(), [](double scale) { return scale <= 0; }))
        fields.fail("scale", "must be above 0");
    head.temperature = fields.number("temperature");
    if (head.temperature <= 0) fields.fail("temperature", "must be above 0");
    read_training(fields.at("training"), head);
    return head;
}

}  // namespace safety::reward
