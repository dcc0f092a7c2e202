#include "harness/cli/config_file.hpp"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <utility>

#include "harness/base/read_file.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/toml_mistake.hpp"
#include "suites/suggestion.hpp"
#include "suites/text.hpp"

namespace harness::cli {
namespace {

std::string place(const std::string& path, const toml::source_region& source) {
    return fmt::format("{}:{}", path, source.begin.line);
}

/// Reads `num_fewshot` as `num-fewshot`, as on the command line.
std::string with_hyphens(std::string_view key) {
    std::string name(key);
    std::replace(name.begin(), name.end(), '_', '-');
    return name;
}

bool is_named(const Option& option, const std::string& key) {
    const std::string name = "--" + with_hyphens(key);
    return option.name == name || std::find(option.aliases.begin(), option.aliases.end(), name) != option.aliases.end();
}

/// Adds the names, without hyphens, of the options of `verb` that a configuration file may set.
void add_names(const Verb& verb, bool of_every_verb, std::set<std::string>& names) {
    for (const auto& option : verb.options()) {
        if (option->is_positional() || (of_every_verb && option->is_of_its_verb)) continue;
        if (option->name == "--config") continue;  // it says which file is read
        names.insert(option->name.substr(2));
        for (const std::string& alias : option->aliases) {
            if (alias.starts_with("--")) names.insert(alias.substr(2));
        }
    }
    if (!of_every_verb) return;
    for (const auto& below : verb.verbs()) add_names(*below, true, names);
}

/// Tables are checked and freed level by level, and `a.a.a = 1` makes a level with each name.
void check_depth(std::string_view text, const std::string& path) {
    constexpr int kMaxDots = 1000;
    for (std::size_t line = 1; !text.empty(); ++line) {
        int dots = 0;
        char quote = '\0';
        for (const char c : suites::take_line(text)) {
            if (quote != '\0') {
                if (c == quote) quote = '\0';
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '.' && ++dots > kMaxDots) {
                throw base::UsageError(
                    fmt::format("{}:{}: more than {} names or numbers with a point in one line", path, line, kMaxDots));
            }
        }
    }
}

void check_table(const toml::table& table, const Verb& verb, const std::string& path) {
    std::set<std::string> names;
    add_names(verb, !verb.verbs().empty(), names);
    for (const auto& [key, value] : table) {
        const std::string name = with_hyphens(key.str());
        const auto below = std::find_if(verb.verbs().begin(), verb.verbs().end(),
                                        [&name](const auto& known) { return known->name() == name; });
        const auto refuse = [&, &key = key](const std::string& problem) {
            throw base::UsageError(fmt::format("{}: {}", place(path, key.source()), problem));
        };
        if (value.is_table() && below != verb.verbs().end()) {
            check_table(*value.as_table(), **below, path);
        } else if (below != verb.verbs().end()) {
            refuse(fmt::format("'{0}' is a verb, whose settings stand below [{0}]", name));
        } else if (value.is_table() && names.contains(name)) {
            refuse(fmt::format("'{}' is an option, which needs a value and no table", name));
        } else if (name == "config") {
            refuse("'config' cannot be set in a file; use --config or $BELLWETHER_CONFIG");
        } else if (!names.contains(name)) {
            std::set<std::string> known = names;
            for (const auto& other : verb.verbs()) known.insert(other->name());
            refuse(fmt::format("'{}' is not an option of '{}'{}", std::string(key.str()), verb.path(),
                               suites::did_you_mean(name, known)));
        }
    }
}

/// A value as it would be typed on the command line.
std::string word_of(const toml::node& value, const std::string& where) {
    if (const auto* text = value.as_string()) return text->get();
    if (const auto* number = value.as_integer()) return std::to_string(number->get());
    if (const auto* number = value.as_floating_point()) return fmt::format("{}", number->get());
    if (const auto* truth = value.as_boolean()) return truth->get() ? "true" : "false";
    throw base::UsageError(where + ": expected a string, a number, true, false, or an array of strings");
}

std::optional<Setting> setting_in(const toml::table& table, const Option& option, const std::string& path) {
    for (const auto& [key, value] : table) {
        if (!is_named(option, std::string(key.str()))) continue;
        Setting setting{.words = {}, .place = fmt::format("{}: {}", place(path, key.source()), std::string(key.str()))};
        const toml::array* several = value.as_array();
        if (several == nullptr) {
            setting.words.push_back(word_of(value, setting.place));
            return setting;
        }
        if (option.arity != Arity::Several && option.arity != Arity::Repeated)
            throw base::UsageError(setting.place + ": expected one value, got an array");
        if (several->empty()) throw base::UsageError(setting.place + ": the array is empty");
        for (const toml::node& element : *several) setting.words.push_back(word_of(element, setting.place));
        return setting;
    }
    return std::nullopt;
}

/// The table of a verb; nullptr if the file has none.
const toml::table* table_of(const toml::table& root, const Verb& verb) {
    if (verb.parent() == nullptr) return &root;
    const toml::table* above = table_of(root, *verb.parent());
    return above == nullptr ? nullptr : above->get_as<toml::table>(verb.name());
}

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

}  // namespace

struct ConfigFile::Content {
    std::string path;
    toml::table root;
};

ConfigFile::ConfigFile(const std::string& path, const Verb& root) {
    constexpr std::uint64_t kMaxBytes = 1 << 20;
    const std::string text = base::read_file(path, kMaxBytes);
    check_depth(text, path);
    try {
        content_ = std::make_unique<Content>(Content{path, toml::parse(text)});
    } catch (const toml::parse_error& error) {
        const toml::source_position& at = error.source().begin;
        throw base::UsageError(fmt::format("{}:{}:{}: not TOML: {}", path, at.line, at.column,
                                           toml_mistake(text, {.line = at.line, .column = at.column})));
    }
    check_table(content_->root, root, path);
}

ConfigFile::~ConfigFile() = default;
ConfigFile::ConfigFile(ConfigFile&&) noexcept = default;

std::optional<Setting> ConfigFile::setting(const Verb& verb, const Option& option) const {
    if (option.is_positional()) return std::nullopt;
    for (const Verb* level = &verb; level != nullptr; level = level->parent()) {
        if (level != &verb && option.is_of_its_verb) break;
        const toml::table* table = table_of(content_->root, *level);
        if (table == nullptr) continue;
        if (auto found = setting_in(*table, option, content_->path)) return found;
    }
    return std::nullopt;
}

std::vector<std::string> default_config_paths() {
    const std::string home = environment("HOME");
    std::string folder = environment("XDG_CONFIG_HOME");
    if (folder.empty() && !home.empty()) folder = home + "/.config";
    std::vector<std::string> paths = {"bellwether.toml"};
    if (!folder.empty()) paths.push_back(folder + "/bellwether/config.toml");
    std::erase_if(paths, [](const std::string& path) {
        std::error_code ignored;
        return !std::filesystem::is_regular_file(path, ignored);
    });
    return paths;
}

}  // namespace harness::cli
