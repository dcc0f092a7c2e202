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
    Repeated,  ///< one word each time it is given
    Several,   ///< one word or more each time it is given
};

/// One option or positional argument of a verb, as data: what the parser, the help, the environment and the
/// configuration file know of it.
struct Option {
    std::string name = {};                  ///< "--limit"; of a positional argument "MODEL"
    std::vector<std::string> aliases = {};  ///< accepted but not listed, except for one letter as "-v"
    std::string value_name = {};            ///< "N" in "--limit N"; empty for a flag
    std::string help = {};
    std::string group = {};  ///< heading in the help
    Arity arity = Arity::One;
    bool is_required = false;
    /// Another verb has an option of this name that means something else: environment and configuration file set this
    /// one by its verb's name only.
    bool is_of_its_verb = false;
    std::vector<std::string> needed = {};    ///< options that must be given with this one
    std::vector<std::string> excluded = {};  ///< options that cannot be given with this one
    Reader reader = {};

    Option& required();
    Option& of_its_verb();
    Option& alias(std::string other);
    Option& needs(const Option& other);
    /// Either of the two, not both.
    Option& excludes(Option& other);
    bool is_positional() const { return !name.starts_with('-'); }
};

/// Words with what they mean, under a title.
struct Terms {
    std::string title;
    std::vector<std::pair<std::string, std::string>> entries;
};

/// A word of the command line with options and a command of its own, or with further verbs ("suites").
class Verb {
public:
    Verb(std::string name, std::string summary) : name_(std::move(name)), summary_(std::move(summary)) {}
    Verb(const Verb&) = delete;
    Verb& operator=(const Verb&) = delete;

    /// A verb below this one, whose `summary` is its line in the list. The reference is valid as long as this verb.
    Verb& verb(std::string name, std::string summary);

    /// The struct that this verb's options are read into, and what runs with it.
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
    /// Options and verbs added from now on stand under this heading in the help.
    void heading(std::string title) { heading_ = std::move(title); }
    /// A call as people would type it, for the help.
    void example(std::string call) { examples_.push_back(std::move(call)); }
    /// A list of words with their meanings, below the examples.
    void explain(Terms terms) { terms_.push_back(std::move(terms)); }
    /// A paragraph at the end of the help.
    void note(std::string paragraph) { notes_.push_back(std::move(paragraph)); }

    const std::string& name() const { return name_; }
    const std::string& summary() const { return summary_; }
    /// The heading under which the help of the verb above lists it.
    const std::string& group() const { return group_; }
    const std::vector<Terms>& terms() const { return terms_; }
    const std::vector<std::string>& notes() const { return notes_; }
    const std::vector<std::string>& examples() const { return examples_; }
    const std::vector<std::unique_ptr<Option>>& options() const { return options_; }
    const std::vector<std::unique_ptr<Verb>>& verbs() const { return verbs_; }
    /// "bellwether suites show".
    std::string path() const;
    const Verb* parent() const { return parent_; }
    /// Empty for a verb that only has others below it.
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
