#include "harness/cli/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

#include "harness/base/usage_error.hpp"
#include "harness/cli/config_file.hpp"
#include "harness/cli/variables.hpp"

namespace harness::cli {
namespace {

constexpr const char* kConfigOption = "--config";

const Option* find(const Verb& verb, const std::string& name) {
    for (const auto& option : verb.options()) {
        if (option->name == name) return option.get();
    }
    return nullptr;
}

[[noreturn]] void refuse(const std::string& problem, const Verb& verb) {
    throw base::UsageError(problem + see_help(problem, verb));
}

/// An empty variable counts as not set.
std::optional<Setting> environment_setting(const Verb& verb, const Option& option) {
    for (const std::string& variable : variables_of(verb, option)) {
        const char* value = std::getenv(variable.c_str());
        if (value != nullptr && *value != '\0') return Setting{{value}, "$" + variable};
    }
    return std::nullopt;
}

bool any_set(const Verb& verb, const std::vector<std::string>& names, const Settings& settings) {
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return settings.contains(find(verb, name)); });
}

/// Refuses options whose needed option is not set, or whose excluded option is set.
void check_together(const Verb& verb, const Settings& settings) {
    for (const auto& [option, setting] : settings) {
        for (const std::string& other : option->needed) {
            if (!settings.contains(find(verb, other))) refuse(fmt::format("{} needs {}", setting.place, other), verb);
        }
        for (const std::string& other : option->excluded) {
            const auto found = settings.find(find(verb, other));
            if (found != settings.end())
                refuse(fmt::format("{} cannot be given with {}", setting.place, found->second.place), verb);
        }
    }
}

void check_required(const Verb& verb, const Settings& settings) {
    for (const auto& option : verb.options()) {
        if (!option->is_required || settings.contains(option.get())) continue;
        // In lm-evaluation-harness --tasks names the tasks to run.
        const bool is_elsewhere = option->name == "--suite" && any_set(verb, {"--tasks"}, settings);
        refuse(option->name + " is missing" +
                   (is_elsewhere ? "; it names the tasks to run, --tasks a folder with task files" : ""),
               verb);
    }
}

/// The configuration files; earlier ones take precedence.
std::vector<ConfigFile> config_files(const Verb& root, const Verb& verb, const Settings& given) {
    const Option* option = find(verb, kConfigOption);
    if (option == nullptr) return {};
    const auto on_command_line = given.find(option);
    const std::optional<Setting> named =
        on_command_line != given.end() ? on_command_line->second : environment_setting(verb, *option);
    std::vector<ConfigFile> files;
    const std::vector<std::string> paths = named ? named->words : default_config_paths();
    for (const std::string& path : paths) {
        if (!path.empty()) files.emplace_back(path, root);
    }
    return files;
}

std::optional<Setting> found_elsewhere(const Verb& verb, const Option& option, const std::vector<ConfigFile>& files) {
    if (auto setting = environment_setting(verb, option)) return setting;
    for (const ConfigFile& file : files) {
        if (auto setting = file.setting(verb, option)) return setting;
    }
    return std::nullopt;
}

}  // namespace

Settings settings_of(const Verb& root, const CommandLine& line) {
    const Verb& verb = *line.verb;
    Settings given;
    for (const auto& [option, words] : line.given) given[option] = {words, option->name};
    const std::vector<ConfigFile> files = config_files(root, verb, given);
    Settings settings = given;
    for (const auto& option : verb.options()) {
        if (given.contains(option.get()) || any_set(verb, option->excluded, given)) continue;
        if (auto setting = found_elsewhere(verb, *option, files)) settings[option.get()] = std::move(*setting);
    }
    std::erase_if(settings, [&](const auto& entry) {
        const Option& option = *entry.first;
        return !given.contains(&option) && !option.needed.empty() && !any_set(verb, option.needed, settings);
    });
    check_together(verb, settings);
    check_required(verb, settings);
    return settings;
}

void add_config_options(Verb& root) {
    for (const auto& verb : root.verbs()) add_config_options(*verb);
    if (!root.run()) return;
    root.heading("General");
    root.option(
        kConfigOption, "FILE", [](const std::vector<std::string>&) {},
        "Configuration file (default: bellwether.toml in the working folder and "
        "$XDG_CONFIG_HOME/bellwether/config.toml)");
}

}  // namespace harness::cli
