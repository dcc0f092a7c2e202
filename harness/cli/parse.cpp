#include "harness/cli/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "harness/base/usage_error.hpp"
#include "harness/cli/command_line.hpp"
#include "harness/cli/help.hpp"
#include "harness/cli/settings.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/cli/version.hpp"

namespace harness::cli {
namespace {

using Settings = std::map<const Option*, Setting>;

const Option* find(const Verb& verb, const std::string& name) {
    for (const auto& option : verb.options()) {
        if (option->name == name) return option.get();
    }
    return nullptr;
}

[[noreturn]] void refuse(const std::string& problem, const Verb& verb) {
    throw base::UsageError(problem + see_help(problem, verb));
}

Settings given_settings(const CommandLine& line) {
    Settings settings;
    for (const auto& [option, words] : line.given) settings[option] = {words, option->name};
    return settings;
}

/// The options of `names` that are set.
bool any_set(const Verb& verb, const std::vector<std::string>& names, const Settings& settings) {
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return settings.contains(find(verb, name)); });
}

void check_together(const Verb& verb, const Settings& settings) {
    for (const auto& [option, setting] : settings) {
        for (const std::string& other : option->needed) {
            if (!settings.contains(find(verb, other))) refuse(fmt::format("{} needs {}", option->name, other), verb);
        }
        for (const std::string& other : option->excluded) {
            if (settings.contains(find(verb, other)))
                refuse(fmt::format("{} cannot be given with {}", option->name, other), verb);
        }
    }
}

/// Adds what the environment sets, except where it does not fit what the command line says.
void add_environment(const Verb& verb, Settings& settings) {
    const Settings given = settings;
    for (const auto& option : verb.options()) {
        if (given.contains(option.get()) || any_set(verb, option->excluded, given)) continue;
        if (!option->needed.empty() && !any_set(verb, option->needed, given)) continue;
        if (auto setting = environment_setting(verb, *option)) settings[option.get()] = std::move(*setting);
    }
}

void check_required(const Verb& verb, const Settings& settings) {
    for (const auto& option : verb.options()) {
        if (option->is_required && !settings.contains(option.get())) refuse(option->name + " is missing", verb);
    }
}

std::function<ExitCode()> printing(std::string text) {
    return [text = std::move(text)] {
        fmt::print("{}", text);
        return ExitCode::Done;
    };
}

}  // namespace

std::function<ExitCode()> parse(const std::vector<std::string>& arguments) {
    Verb root("bellwether", "Bellwether: evaluation and safety benchmarks for Llama 2");
    add_all_verbs(root);
    const CommandLine line = read_command_line(root, arguments);
    const Verb& verb = *line.verb;
    if (line.asked == Asked::Version) return printing(fmt::format("bellwether {}\n", kVersion));
    if (line.asked == Asked::Help) return printing(help_of(verb));
    Settings settings = given_settings(line);
    check_together(verb, settings);
    add_environment(verb, settings);
    check_required(verb, settings);
    for (const auto& [option, setting] : settings) {
        try {
            option->reader(setting.words);
        } catch (const ValueError& error) {
            refuse(fmt::format("{}: {}", setting.place, error.what()), verb);
        }
    }
    return verb.run();
}

}  // namespace harness::cli
