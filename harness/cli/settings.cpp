#include "harness/cli/settings.hpp"

#include <cstdlib>

namespace harness::cli {
namespace {

std::string variable_name(const std::string& words) {
    std::string name;
    for (const char c : words)
        name += c == '-' || c == ' ' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
    return name;
}

}  // namespace

std::optional<Setting> environment_setting(const Verb& verb, const Option& option) {
    if (option.is_positional()) return std::nullopt;
    const std::string name = variable_name(option.name.substr(2));
    const std::string of_verb = variable_name(verb.path()) + "_" + name;  // the path begins with the program's name
    for (const std::string& variable : {of_verb, "BELLWETHER_" + name}) {
        const char* value = std::getenv(variable.c_str());
        if (value != nullptr && *value != '\0') return Setting{{value}, "$" + variable};
    }
    return std::nullopt;
}

}  // namespace harness::cli
