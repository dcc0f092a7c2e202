#include "harness/results/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "harness/base/json.hpp"

namespace harness::results {
namespace {

using nlohmann::json;
using reports::data::Setting;
using reports::data::Settings;

struct Named {
    std::string_view key;
    std::string_view name;
};

/// Keys of a plan in the order shown, with their display names.
constexpr std::array kRunSettings = {Named{"device", "device"},
                                     Named{"driver", "driver"},
                                     Named{"numerics", "numerics"},
                                     Named{"engine", "engine version"},
                                     Named{"context", "context length"},
                                     Named{"bos", "BOS"},
                                     Named{"chat", "every prompt in chat"},
                                     Named{"chat_format", "chat format"},
                                     Named{"system", "system prompt"},
                                     Named{"seed", "few-shot seed"},
                                     Named{"sampling_seed", "sampling seed"},
                                     Named{"temperature", "temperature"},
                                     Named{"top_p", "top-p"},
                                     Named{"top_k", "top-k"},
                                     Named{"cut_questions", "cut questions"}};

/// Keys of model and tasks, which are shown elsewhere.
constexpr std::array<std::string_view, 5> kElsewhere = {"variant", "model", "tasks", "content", "import"};

/// The shortest text that identifies the number; single-precision numbers would otherwise show digits that nobody
/// typed.
std::string number_text(double value) {
    const bool is_single =
        std::abs(value) <= std::numeric_limits<float>::max() && static_cast<double>(static_cast<float>(value)) == value;
    return is_single ? fmt::format("{}", static_cast<float>(value)) : fmt::format("{}", value);
}

std::string name_of(const std::string& key) {
    std::string name = key;
    std::replace(name.begin(), name.end(), '_', ' ');
    return name;
}

/// The definition of a plan's task; an empty object if it cannot be read.
json definition_of(const json& task) {
    json fields = base::json_or_null(base::text_member(task, "definition"));
    return fields.is_object() ? fields : json::object();
}

std::vector<json> definitions_of(const json& plan) {
    std::vector<json> definitions;
    const auto tasks = plan.find("tasks");
    if (tasks == plan.end() || !tasks->is_array()) return definitions;
    for (const json& task : *tasks) definitions.push_back(definition_of(task));
    return definitions;
}

/// A plan names its chat format only if it is not Llama 2's, which was once the only one.
void add_chat_format(json& plan, const std::vector<json>& definitions) {
    if (plan.contains("chat_format") || !plan.contains("chat")) return;
    const bool chat = base::member_of(plan, "chat") == true ||
                      std::any_of(definitions.begin(), definitions.end(),
                                  [](const json& task) { return base::member_of(task, "chat") == true; });
    if (chat) plan["chat_format"] = "llama2";
}

/// The system prompt of a task's definition. In chat, one of the command line replaces it: then empty.
std::string used_system_prompt(const json& plan, const json& definition) {
    const bool chat = base::member_of(plan, "chat") == true || base::member_of(definition, "chat") == true;
    const bool replaced = base::member_of(plan, "no_system") == true || !base::text_member(plan, "system").empty();
    return chat && replaced ? "" : base::text_member(definition, "system");
}

void add_system_prompt(json& plan, const std::vector<json>& definitions) {
    const bool own = std::any_of(definitions.begin(), definitions.end(),
                                 [&plan](const json& task) { return !used_system_prompt(plan, task).empty(); });
    if (own && base::text_member(plan, "system").empty()) plan["system"] = "the tasks' own";
}

template <std::size_t N>
bool is_in(const std::array<std::string_view, N>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::string setting_text(const json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
    if (value.is_number_float()) return number_text(value.get<double>());
    return base::json_text(value);
}

Settings run_settings(const store::RunRow& run) {
    // The row's own columns override the plan, which is all that older runs have.
    json plan = base::json_or_null(run.plan_json);
    const json stored = base::json_or_null(run.settings_json);
    if (!plan.is_object()) plan = json::object();
    if (stored.is_object()) plan.update(stored);
    for (const auto& [key, value] : {std::pair("device", run.device), std::pair("driver", run.driver),
                                     std::pair("numerics", run.numerics), std::pair("engine", run.engine_version)}) {
        if (!value.empty()) plan[key] = value;
    }
    Settings settings;
    const std::vector<json> definitions = definitions_of(plan);
    add_chat_format(plan, definitions);
    add_system_prompt(plan, definitions);
    for (const Named& known : kRunSettings) {
        const auto found = plan.find(known.key);
        if (found != plan.end()) settings.push_back({std::string(known.name), setting_text(*found)});
    }
    for (const auto& [key, value] : plan.items()) {
        const bool known = std::any_of(kRunSettings.begin(), kRunSettings.end(),
                                       [&key = key](const Named& named) { return named.key == key; });
        if (!known && !is_in(kElsewhere, key)) settings.push_back({name_of(key), setting_text(value)});
    }
    return settings;
}

std::vector<std::string> model_warnings(const store::RunRow& run) {
    const json stored = base::json_or_null(run.warnings_json);
    std::vector<std::string> warnings;
    if (!stored.is_array()) return warnings;
    for (const json& warning : stored) warnings.push_back(setting_text(warning));
    return warnings;
}

std::string own_system_prompt(const store::RunRow& run, std::size_t index) {
    const json plan = base::json_or_null(run.plan_json);
    const auto tasks = plan.is_object() ? plan.find("tasks") : plan.end();
    if (!plan.is_object() || tasks == plan.end() || !tasks->is_array() || index >= tasks->size()) return "";
    return used_system_prompt(plan, definition_of((*tasks)[index]));
}

Settings task_settings(const store::RunRow& run, std::size_t index) {
    constexpr std::array<std::string_view, 5> kOfTheRow = {"definition", "fewshot", "task", "profile", "version"};
    constexpr std::size_t kDigits = 12;  // digits of a hash: enough to distinguish two by eye
    const json plan = base::json_or_null(run.plan_json);
    Settings settings;
    const auto tasks = plan.is_object() ? plan.find("tasks") : plan.end();
    if (!plan.is_object() || tasks == plan.end() || !tasks->is_array() || index >= tasks->size()) return settings;
    const json& task = (*tasks)[index];
    if (!task.is_object()) return settings;
    if (std::string prompt = used_system_prompt(plan, definition_of(task)); !prompt.empty())
        settings.push_back({"system prompt", std::move(prompt)});
    for (const auto& [key, value] : task.items()) {
        if (is_in(kOfTheRow, key)) continue;
        if (key == "requests") {
            settings.push_back({"hash of prompts and documents", setting_text(value).substr(0, kDigits)});
        } else {
            settings.push_back({name_of(key), setting_text(value)});
        }
    }
    return settings;
}

Settings execution_settings(const store::RunTaskRow& task) {
    const json noted = base::json_or_null(task.settings_json);
    Settings settings;
    if (!noted.is_object()) return settings;
    for (const auto& [key, value] : noted.items()) settings.push_back({name_of(key), setting_text(value)});
    return settings;
}

Settings definition_fields(const store::RunTaskRow& task) {
    const json definition = base::json_or_null(task.definition_json);
    Settings fields;
    if (!definition.is_object()) return fields;
    for (const auto& [key, value] : definition.items()) {
        // task_settings() has the system prompt that was used, and clusters change no question and no score.
        if (key != "system" && key != "cluster") fields.push_back({key, setting_text(value)});
    }
    return fields;
}

}  // namespace harness::results
