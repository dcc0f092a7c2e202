#include "harness/cli/variables.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>

#include "suites/suggestion.hpp"

namespace harness::cli {
namespace {

constexpr std::string_view kPrefix = "BELLWETHER";

std::string variable_name(const std::string& words) {
    std::string name;
    for (const char c : words) {
        const bool separates = c == '-' || c == ' ';
        name += separates ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    }
    return name;
}

void add_variables(const Verb& verb, std::set<std::string>& names) {
    for (const auto& option : verb.options()) {
        for (std::string& name : variables_of(verb, *option)) names.insert(std::move(name));
    }
    for (const auto& below : verb.verbs()) add_variables(*below, names);
}

/// The name after its first underscore, if it begins with our prefix or a misspelling of it; empty for other names.
std::string without_prefix(const std::string& name) {
    const std::size_t end = name.find('_');
    const bool is_ours = end != std::string::npos && suites::nearest(name.substr(0, end), {std::string(kPrefix)});
    return is_ours ? name.substr(end + 1) : "";
}

std::set<std::string> names_in_environment() {
    std::set<std::string> names;
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
        const std::string_view text = *variable;
        names.emplace(text.substr(0, text.find('=')));
    }
    return names;
}

}  // namespace

std::vector<std::string> variables_of(const Verb& verb, const Option& option) {
    std::vector<std::string> variables;
    if (option.is_positional()) return variables;
    std::vector<std::string> names = {option.name};
    std::copy_if(option.aliases.begin(), option.aliases.end(), std::back_inserter(names),
                 [](const std::string& alias) { return alias.starts_with("--"); });
    for (const std::string& name : names) {
        for (const Verb* level = &verb; level != nullptr; level = level->parent()) {
            if (level != &verb && option.is_of_its_verb) break;
            variables.push_back(variable_name(level->path()) + "_" + variable_name(name.substr(2)));
        }
    }
    return variables;
}

std::vector<std::string> misspelt_variables(const Verb& root, const std::set<std::string>& names) {
    // The cache's folder is no option, and the tests of this program have a variable of their own.
    std::set<std::string> known = {"BELLWETHER_CACHE", "BELLWETHER_SHARED"};
    add_variables(root, known);
    // Compared without the prefix, which would make all of them similar.
    std::set<std::string> endings;
    for (const std::string& name : known) endings.insert(without_prefix(name));
    std::vector<std::string> misspelt;
    for (const std::string& name : names) {
        const std::string ending = known.contains(name) ? "" : without_prefix(name);
        const auto near = ending.empty() ? std::nullopt : suites::nearest(ending, endings);
        if (near) misspelt.push_back(fmt::format("${} sets nothing; did you mean \"{}_{}\"?", name, kPrefix, *near));
    }
    return misspelt;
}

std::vector<std::string> misspelt_variables(const Verb& root) {
    return misspelt_variables(root, names_in_environment());
}

}  // namespace harness::cli
