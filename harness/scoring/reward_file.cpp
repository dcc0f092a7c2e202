#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/base/json.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/scoring/reward_model.hpp"

namespace harness::scoring {
namespace {

using nlohmann::ordered_json;

constexpr const char* kFormat = "bellwether reward model";
constexpr int kVersion = 1;
/// The path of the backbone on the machine that trained the head.
constexpr const char* kSource = "source";

[[noreturn]] void fail(const std::string& where, const std::string& field, std::string_view reason) {
    throw base::UsageError(fmt::format("{}: {}: {}", where, field, reason));
}

const ordered_json& at(const ordered_json& object, const std::string& field, const std::string& where) {
    const auto found = object.find(field);
    if (found == object.end()) fail(where, field, "is missing");
    return *found;
}

std::string text_at(const ordered_json& object, const std::string& field, const std::string& where) {
    const ordered_json& value = at(object, field, where);
    if (!value.is_string() || value.get_ref<const std::string&>().empty())
        fail(where, field, "must be a string that is not empty");
    return value.get<std::string>();
}

const ordered_json& object_at(const ordered_json& object, const std::string& field, const std::string& where) {
    const ordered_json& value = at(object, field, where);
    if (!value.is_object()) fail(where, field, "must be an object");
    return value;
}

}  // namespace

std::string reward_file(const store::RewardModelRow& row) {
    reward_model(row);
    ordered_json settings = base::parse_ordered_json(row.settings_json, row.name + ": settings");
    settings.erase(kSource);
    const ordered_json file = {{"format", kFormat},
                               {"version", kVersion},
                               {"name", row.name},
                               {"created", row.created},
                               {"backbone", {{"name", row.backbone}, {"fingerprint", row.fingerprint}}},
                               {"data_hash", row.data_hash},
                               {"settings", std::move(settings)},
                               {"metrics", base::parse_ordered_json(row.metrics_json, row.name + ": metrics")},
                               {"head", base::parse_ordered_json(row.head_json, row.name + ": head")}};
    return file.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

store::RewardModelRow reward_from_file(std::string_view text, const std::string& where) {
    const ordered_json file = base::parse_ordered_json(text, where);
    if (!file.is_object() || file.value("format", ordered_json()) != kFormat)
        throw base::UsageError(where + ": not a reward model; 'bellwether reward export' writes one");
    if (file.value("version", ordered_json()) != kVersion)
        fail(where, "version", fmt::format("this build reads version {}", kVersion));
    const ordered_json& backbone = object_at(file, "backbone", where);
    ordered_json settings = object_at(file, "settings", where);
    settings.erase(kSource);
    store::RewardModelRow row{.name = text_at(file, "name", where),
                              .created = text_at(file, "created", where),
                              .fingerprint = text_at(backbone, "fingerprint", where),
                              .backbone = text_at(backbone, "name", where),
                              .head_json = object_at(file, "head", where).dump(),
                              .data_hash = text_at(file, "data_hash", where),
                              .settings_json = settings.dump(),
                              .metrics_json = object_at(file, "metrics", where).dump()};
    try {
        reward_model(row);
    } catch (const base::UsageError& error) {
        throw base::UsageError(where + ": " + error.what());
    }
    return row;
}

}  // namespace harness::scoring
