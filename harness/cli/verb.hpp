#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/cli/exit_code.hpp"
#include "harness/cli/values.hpp"

namespace harness::cli {

/// How many words an option or argument takes.
enum class Arity {
    None,      ///< a flag
    One,       ///< one word, given once
    Optional,  ///< a flag or one word
    Repeated,  ///< may be given several times, one word each
    Several,   ///< may be given several times, one or more words each
};

/// Description of an option or positional argument, used by the parser, the help, the environment and the configuration
/// file.
struct Option {
    std::string name = {};                  ///< "--limit", or "MODEL" for a positional argument
    std::vector<std::string> aliases = {};  ///< accepted but not listed in the help, except one letter such as "-v"
    std::string value_name = {};            ///< "N" in "--limit N"; empty for a flag
    std::string help = {};
    std::string group = {};  ///< heading in the help
    Arity arity = Arity::One;
    bool is_required = false;
    /// Another verb has an option of this name with another meaning: environment and configuration file can set this
    /// one only under its verb's name.
    bool is_of_its_verb = false;
    std::vector<std::string> needed = {};    ///< options that must be given with this one
    std::vector<std::string> excluded = {};  ///< options that cannot be given with this one
    Reader reader = {};

    Option& required();
    Option& of_its_verb();
    Option& alias(std::string other);
    Option& needs(const Option& other);
    /// Allows at most one of the two.
    Option& excludes(Option& other);
    bool is_positional() const { return !name.starts_with('-'); }
};

/// Words with their meanings, under a title.
struct Terms {
    std::string title;
    std::vector<std::pair<std::string, std::string>> entries;
};

/// A command with its options, or a parent of further verbs ("suites").
class Verb {
public:
    Verb(std::string name, std::string summary) : name_(std::move(name)), summary_(std::move(summary)) {}
    Verb(const Verb&) = delete;
    Verb& operator=(const Verb&) = delete;

    /// Adds a verb below this one; `summary` is its line in the list. The reference is valid as long as this verb.
    Verb& verb(std::string name, std::string summary);

    /// Sets the function to run; returns the options struct that it gets, for the readers to fill.
    template <class Options>
    Options& command(ExitCode (*execute)(const Options&)) {
        auto options = std::make_shared<Options>();
        run_ = [options, execute] { return execute(*options); };
        return *options;
    }

    // Each reference is valid as long as the verb.
    Option& argument(std::string name, Reader reader, std::string help);
    Option& arguments(std::string name, Reader reader, std::string help);
    Option& flag(std::string name, Reader reader, std::string help);
    Option& option(std::string name, std::string value_name, Reader reader, std::string help);
    /// Options and verbs added after this call are listed under this heading in the help.
    void heading(std::string title) { heading_ = std::move(title); }
    /// Adds an example call to the help.
    void example(std::string call) { examples_.push_back(std::move(call)); }
    /// Adds a list of words with their meanings below the examples.
    void explain(Terms terms) { terms_.push_back(std::move(terms)); }
    /// Adds a paragraph at the end of the help.
    void note(std::string paragraph) { notes_.push_back(std::move(paragraph)); }

    const std::string& name() const { return name_; }
    const std::string& summary() const { return summary_; }
    /// The heading under which the parent's help lists this verb.
    const std::string& group() const { return group_; }
    const std::vector<Terms>& terms() const { return terms_; }
    const std::vector<std::string>& notes() const { return notes_; }
    const std::vector<std::string>& examples() const { return examples_; }
    const std::vector<std::unique_ptr<Option>>& options() const { return options_; }
    const std::vector<std::unique_ptr<Verb>>& verbs() const { return verbs_; }
    /// "bellwether suites show".
    std::string path() const;
    const Verb* parent() const { return parent_; }
    /// Empty for a verb without a command, which only has verbs below it.
    const std::function<ExitCode()>& run() const { return run_; }

private:
    Option& add(Option option);

    std::string name_;
    std::string summary_;
    std::string group_;
    std::string heading_ = "Options";
    std::vector<Terms> terms_;
    std::vector<std::string> notes_;
    std::vector<std::string> examples_;
    std::vector<std::unique_ptr<Option>> options_;
    std::vector<std::unique_ptr<Verb>> verbs_;
    const Verb* parent_ = nullptr;
    std::function<ExitCode()> run_;
};

}  // namespace harness::cli
