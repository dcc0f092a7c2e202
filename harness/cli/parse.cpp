#include "harness/cli/parse.hpp"
#include "harness/cli/print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "harness/base/usage_error.hpp"
#include "harness/cli/command_line.hpp"
#include "harness/cli/help.hpp"
#include "harness/cli/settings.hpp"
#include "harness/cli/variables.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/cli/version.hpp"

namespace harness::cli {
namespace {

std::function<ExitCode()> printing(std::string text) {
    return [text = std::move(text)] {
        print_trusted(text);
        return ExitCode::Done;
    };
}

/// With --verbose: the source of each setting that is not from the command line, one per line.
std::string sources_of(const Settings& settings) {
    std::string text;
    bool verbose = false;
    for (const auto& [option, setting] : settings) {
        if (option->name == "--verbose") truth(verbose)(setting.words);
        if (setting.place == option->name) continue;
        text +=
            visible_line(fmt::format("{} {} ({})", option->name, fmt::join(setting.words, " "), setting.place)) + "\n";
    }
    return verbose ? text : "";
}

}  // namespace

std::function<ExitCode()> parse(const std::vector<std::string>& arguments) {
    Verb root("bellwether", "Bellwether: evaluation and safety benchmarks for Llama 2");
    add_all_verbs(root);
    add_config_options(root);
    const CommandLine line = read_command_line(root, arguments);
    const Verb& verb = *line.verb;
    if (line.asked == Asked::Version) return printing(fmt::format("bellwether {}\n", kVersion));
    if (line.asked == Asked::Help) return printing(help_of(verb));
    // Before the settings are read, since the misspelt one may be what they lack.
    for (const std::string& note : misspelt_variables(root)) print_error("{}\n", note);
    const Settings settings = settings_of(root, line);
    for (const auto& [option, setting] : settings) {
        try {
            option->reader(setting.words);
        } catch (const ValueError& error) {
            const std::string problem = fmt::format("{}: {}", setting.place, error.what());
            throw base::UsageError(problem + see_help(problem, verb));
        }
    }
    const std::string sources = sources_of(settings);
    if (sources.empty()) return verb.run();
    return [sources, command = verb.run()] {
        print_error("{}", Block{sources});
        return command();
    };
}

}  // namespace harness::cli
