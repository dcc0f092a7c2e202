#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/cli/settings.hpp"
#include "harness/cli/verb.hpp"

namespace harness::cli {

/// A TOML file with values for options: `limit = 100` for every verb that has --limit, and tables named after verbs
/// (`[run]`, `[suites.render]`) for one verb alone.
class ConfigFile {
public:
    /// Reads and checks the whole file: every name in it must be an option or a verb of `root`. Throws UsageError with
    /// file and line.
    ConfigFile(const std::string& path, const Verb& root);
    ~ConfigFile();
    ConfigFile(ConfigFile&&) noexcept;

    /// The value that the file sets for an option: from the verb's own table first, then from the tables above it.
    /// Throws UsageError for a value of a type that no option has.
    std::optional<Setting> setting(const Verb& verb, const Option& option) const;

private:
    struct Content;
    std::unique_ptr<Content> content_;
};

/// The configuration files that are read when none is named; earlier ones take precedence: bellwether.toml in the
/// working folder, and bellwether/config.toml in $XDG_CONFIG_HOME (~/.config). Lists existing files only.
std::vector<std::string> default_config_paths();

}  // namespace harness::cli
