#include "harness/results/scorer_identity.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/base/json.hpp"
#include "harness/base/sha256.hpp"
#include "harness/results/safety_scorers.hpp"

namespace harness::results {
namespace {

using nlohmann::json;

constexpr std::size_t kDigits = 12;  // of a hash, enough to tell scorers apart

/// Takes out, at every depth, what says where a scorer ran and how its values are shown.
json without_places(const json& settings) {
    if (!settings.is_object()) return settings;
    json kept = json::object();
    for (const auto& [name, value] : settings.items()) {
        if (name == "device" || name == "numerics" || name == "model" || name == "metrics" || name == "context")
            continue;
        kept[name] = without_places(value);
    }
    return kept;
}

}  // namespace

reports::data::ScorerIdentity scorer_identity(const store::ScorerRow& scorer, const std::string& measure) {
    std::string version = fmt::format("version {}", scorer.version);
    if (!scorer.model_fingerprint.empty()) version += ", model " + scorer.model_fingerprint.substr(0, kDigits);
    if (!scorer.prompt_hash.empty())
        version +=
            fmt::format(", {} {}", scorer.kind == "reward" ? "head" : "prompt", scorer.prompt_hash.substr(0, kDigits));
    const json settings = without_places(base::json_or_null(scorer.settings_json));
    if (settings.is_object() && !settings.empty())
        version += ", settings " + base::sha256_hex(base::json_text(settings)).substr(0, kDigits);
    const std::string option = scorer.kind == "judge" ? "judge:" + scorer.name : option_of(scorer);
    return {.option = option, .measure = measure, .version = version};
}

}  // namespace harness::results
