#include "harness/results/ladder_file.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/base/json.hpp"
#include "harness/base/read_file.hpp"
#include "harness/base/usage_error.hpp"

namespace harness::results {
namespace {

using nlohmann::json;
using reports::data::Divergence;
using reports::data::Estimate;
using reports::data::Ladder;
using reports::data::LadderModel;

/// The members of an object, each checked.
class Members {
public:
    /// `where` names the object in messages.
    Members(const json& object, std::string where) : object_(object), where_(std::move(where)) {
        if (!object_.is_object()) fail("", "an object");
    }

    Members object(const std::string& name) const { return {base::member_of(object_, name), path_of(name)}; }
    bool has(const std::string& name) const { return !base::member_of(object_, name).is_null(); }

    std::string text(const std::string& name) const {
        const json& value = base::member_of(object_, name);
        if (!value.is_string()) fail(name, "a string");
        return value.get<std::string>();
    }
    std::string text_or_empty(const std::string& name) const { return has(name) ? text(name) : ""; }
    double number(const std::string& name) const {
        const json& value = base::member_of(object_, name);
        if (!value.is_number()) fail(name, "a number");
        return value.get<double>();
    }
    std::optional<double> number_or_none(const std::string& name) const {
        return has(name) ? std::optional(number(name)) : std::nullopt;
    }
    std::uint64_t count(const std::string& name) const {
        const json& value = base::member_of(object_, name);
        if (!value.is_number_unsigned()) fail(name, "a non-negative integer");
        return value.get<std::uint64_t>();
    }
    const json& list(const std::string& name) const {
        const json& value = base::member_of(object_, name);
        if (!value.is_array()) fail(name, "a list");
        return value;
    }
    std::string path_of(const std::string& name) const { return where_ + "." + name; }

    [[noreturn]] void fail(const std::string& name, const char* expected) const {
        throw base::UsageError(fmt::format("{}: expected {}; 'bellwether ladder --out FILE.json' writes such a file",
                                           name.empty() ? where_ : path_of(name), expected));
    }

private:
    const json& object_;
    std::string where_;
};

Estimate estimate_from(const Members& members) {
    Estimate estimate{.value = members.number("value"), .standard_error = members.number_or_none("stderr")};
    if (!members.has("ci95")) return estimate;
    const json& bounds = members.list("ci95");
    if (bounds.size() != 2 || !bounds[0].is_number() || !bounds[1].is_number()) members.fail("ci95", "two numbers");
    estimate.ci95 = reports::data::Interval{bounds[0].get<double>(), bounds[1].get<double>()};
    return estimate;
}

Divergence divergence_from(const Members& members) {
    const Members kl = members.object("kl");
    return {.kl = estimate_from(kl),
            .kl_median = kl.number("median"),
            .kl_p90 = kl.number("p90"),
            .kl_p99 = kl.number("p99"),
            .kl_p999 = kl.number("p999"),
            .kl_max = kl.number("max"),
            .same_top = estimate_from(members.object("same_top")),
            .perplexity = estimate_from(members.object("perplexity")),
            .perplexity_ratio = estimate_from(members.object("perplexity_ratio")),
            .probability_change = estimate_from(members.object("probability_change")),
            .probability_change_rms = estimate_from(members.object("probability_change_rms"))};
}

LadderModel model_from(const Members& members) {
    LadderModel model{.variant = members.text("model"),
                      .fingerprint = members.text("fingerprint"),
                      .quantisation = members.text("quantisation"),
                      .file_bytes = members.count("file_bytes"),
                      .weight_bytes = members.count("weight_bytes"),
                      .parameters = members.count("parameters"),
                      .prompt_rate = members.number_or_none("prompt_tokens_per_second").value_or(0),
                      .answer_rate = members.number_or_none("answer_tokens_per_second").value_or(0)};
    model.failure = members.text_or_empty("failure");
    if (members.has("divergence")) model.divergence = divergence_from(members.object("divergence"));
    return model;
}

}  // namespace

Ladder read_ladder(const std::string& path) {
    const json document = base::parse_json(base::read_file(path), path);
    const json& found = base::member_of(document, "ladder");
    if (!found.is_object()) {
        throw base::UsageError(path +
                               ": the file has no quantisation ladder; 'bellwether ladder --out FILE.json' writes one");
    }
    const Members members(found, path + ": ladder");
    Ladder ladder{.text = members.text("text"),
                  .text_fingerprint = members.text("text_sha256"),
                  .tokens = members.count("tokens"),
                  .text_tokens = members.count("text_tokens"),
                  .windows = members.count("windows"),
                  .window_tokens = members.count("window_tokens"),
                  .device = members.text("device"),
                  .numerics = members.text("numerics"),
                  .models = {}};
    const json& models = members.list("models");
    for (std::size_t i = 0; i < models.size(); ++i)
        ladder.models.push_back(model_from(Members(models[i], members.path_of(fmt::format("models[{}]", i)))));
    if (ladder.models.empty()) members.fail("models", "at least one model");
    return ladder;
}

}  // namespace harness::results
