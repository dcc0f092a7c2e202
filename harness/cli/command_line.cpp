#include "harness/cli/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <set>
#include <utility>

#include "harness/base/usage_error.hpp"
#include "harness/cli/help.hpp"
#include "harness/cli/lm_eval_names.hpp"
#include "suites/suggestion.hpp"

namespace harness::cli {
namespace {

using Words = std::vector<std::string>;

/// Replaces the user's words by tokens before CLI11 sees them, and restores them afterwards, because CLI11 drops empty
/// values, splits "[a,b]" and stops at "++". Options and names of verbs stay unchanged.
class Tokens {
public:
    Tokens(const Verb& root, const Words& arguments) {
        for (const auto& verb : root.verbs()) {
            verbs_.insert(verb->name());
            for (const auto& below : verb->verbs()) verbs_.insert(below->name());
        }
        bool only_positional = false;
        for (const std::string& argument : arguments) {
            tokens_.push_back(only_positional ? hidden(argument) : encoded(argument));
            only_positional = only_positional || argument == "--";
        }
    }

    /// In the order that CLI11 expects: the last one first.
    Words reversed() const { return {tokens_.rbegin(), tokens_.rend()}; }

    std::string decoded(const std::string& token) const {
        const auto found = originals_.find(token);
        return found == originals_.end() ? token : found->second;
    }

    /// Reads --num_fewshot as --num-fewshot.
    static std::string option_name(std::string name) {
        if (name.starts_with("--")) std::replace(name.begin(), name.end(), '_', '-');
        return name;
    }

private:
    std::string hidden(const std::string& argument) {
        std::string token = fmt::format("#{}", originals_.size());
        originals_[token] = argument;
        return token;
    }

    std::string encoded(const std::string& argument) {
        if (verbs_.contains(argument)) return argument;
        if (!argument.starts_with('-') || argument == "-") return hidden(argument);
        const std::size_t equals = argument.find('=');
        std::string name = option_name(argument.substr(0, equals));
        if (equals == std::string::npos) {
            if (name != argument) originals_[name] = argument;
            return name;
        }
        std::string token = name + "=" + hidden(argument.substr(equals + 1));
        originals_[token] = argument;  // in case it is not an option but the value of the one before
        return token;
    }

    std::set<std::string> verbs_;
    Words tokens_;
    std::map<std::string, std::string> originals_;
};

/// The tree of verbs as CLI11 objects.
class Parser {
public:
    explicit Parser(const Verb& root) : root_(root), app_(root.summary(), root.name()) {
        app_.set_version_flag("--version", "");
        add(root, app_);
    }

    CommandLine parse(const Tokens& tokens) {
        CommandLine line;
        try {
            app_.parse(tokens.reversed());
        } catch (const CLI::CallForHelp&) {
            line.asked = Asked::Help;
            const Words left = apps_.at(&called())->remaining();
            if (!called().verbs().empty() && !left.empty()) refuse_unknown(tokens.decoded(left.front()), called());
        } catch (const CLI::CallForVersion&) {
            line.asked = Asked::Version;
        } catch (const CLI::ParseError& error) {
            const Verb& verb = called();
            const std::string problem = problem_of(error, verb, tokens);
            throw base::UsageError(problem + see_help(problem, verb));
        }
        line.verb = &called();
        if (line.asked == Asked::Command) take_values(line, tokens);
        return line;
    }

private:
    void add(const Verb& verb, CLI::App& app) {
        apps_[&verb] = &app;
        if (!verb.verbs().empty()) app.require_subcommand(1);
        for (const auto& below : verb.verbs()) add(*below, *app.add_subcommand(below->name(), below->summary()));
        for (const auto& option : verb.options()) options_[option.get()] = add(*option, app);
    }

    static CLI::Option* add(const Option& option, CLI::App& app) {
        std::string names = option.name;
        for (const std::string& alias : option.aliases) names += "," + alias;
        constexpr int kUnlimited = 100000;
        CLI::Option* added =
            option.arity == Arity::None ? app.add_flag(names) : app.add_option(names, CLI::callback_t{}, "", false);
        added->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
        if (option.arity == Arity::Optional) added->expected(0, 1);
        if (option.arity == Arity::Several) {
            added->expected(1, kUnlimited);
            if (option.is_positional()) added->allow_extra_args();
        }
        // Required only so that optional values before it do not take its word.
        added->required(option.is_positional() && option.is_required);
        return added;
    }

    [[noreturn]] static void refuse_unknown(const std::string& word, const Verb& verb) {
        const std::string problem = unknown(word, verb);
        throw base::UsageError(problem + see_help(problem, verb));
    }

    const Verb& called() const {
        const Verb* verb = &root_;
        for (bool deeper = true; deeper;) {
            deeper = false;
            for (const auto& below : verb->verbs()) {
                if (!apps_.at(below.get())->parsed()) continue;
                verb = below.get();
                deeper = true;
                break;
            }
        }
        return *verb;
    }

    std::string problem_of(const CLI::ParseError& error, const Verb& verb, const Tokens& tokens) const {
        const Words left = apps_.at(&verb)->remaining();
        if (!left.empty()) return unknown(tokens.decoded(left.front()), verb);
        if (!verb.verbs().empty()) {
            return fmt::format("a verb is missing after '{}'; known: {}", verb.path(), fmt::join(names_of(verb), ", "));
        }
        for (const auto& option : verb.options()) {
            const CLI::Option* parsed = options_.at(option.get());
            if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
                if (parsed->get_required() && parsed->empty()) return option->name + " is missing";
            }
        }
        // The only other case is an option at the end without its value.
        const std::string last = tokens.decoded(tokens.reversed().front());
        return fmt::format("{} needs a value", last);
    }

    static std::set<std::string> names_of(const Verb& verb) {
        std::set<std::string> names;
        for (const auto& below : verb.verbs()) names.insert(below->name());
        return names;
    }

    static std::string unexpected(const std::string& word, const Verb& verb) {
        for (const auto& option : verb.options()) {
            if (option->name == "--" + word)
                return fmt::format("unexpected argument '{}'; did you mean \"{}\"?", word, option->name);
        }
        return fmt::format("unexpected argument '{}'; usage: {}", word, usage_of(verb));
    }

    static std::string unknown_verb(const std::string& word, const Verb& verb) {
        std::vector<std::string> others;
        for (const auto& above : verb.verbs()) {
            if (names_of(*above).contains(word)) others.push_back(fmt::format("\"{} {}\"", above->name(), word));
        }
        if (const std::string other = instead_of_other_verb(word); others.empty() && !other.empty())
            others.push_back(fmt::format("\"{}\"", other));
        if (verb.parent() != nullptr || others.empty())
            return fmt::format("unknown verb '{}'{}", word, suites::suggestion(word, names_of(verb)));
        return fmt::format("unknown verb '{}'; did you mean {}?", word, fmt::join(others, " or "));
    }

    static std::string unknown(const std::string& word, const Verb& verb) {
        if (!word.starts_with('-') || word == "-") {
            if (word == "help") return "unexpected argument 'help'; did you mean \"--help\"?";
            return verb.verbs().empty() ? unexpected(word, verb) : unknown_verb(word, verb);
        }
        const std::string name = word.substr(0, word.find('='));
        std::set<std::string> known = {"--help"};
        for (const auto& option : verb.options()) {
            if (option->is_positional()) continue;
            known.insert(option->name);
            for (const std::string& alias : option->aliases) {
                if (alias.starts_with("--")) known.insert(alias);
            }
        }
        std::string next = instead_of_lm_eval_option(Tokens::option_name(name));
        if (next.empty()) next = suites::did_you_mean(name, known);
        return fmt::format("unknown option '{}'{}", name, next);
    }

    void take_values(CommandLine& line, const Tokens& tokens) const {
        for (const auto& option : line.verb->options()) {
            const CLI::Option* parsed = options_.at(option.get());
            if (parsed->empty()) continue;
            Words words;
            for (const std::string& token : parsed->results()) {
                const bool is_bare = token.empty() || (option->arity == Arity::None && token == "true");
                if (!is_bare) words.push_back(tokens.decoded(token));
            }
            if ((option->arity == Arity::One || option->arity == Arity::Optional) && parsed->results().size() > 1) {
                const std::string problem = option->name + " is given twice";
                throw base::UsageError(problem + see_help(problem, *line.verb));
            }
            line.given[option.get()] = std::move(words);
        }
    }

    const Verb& root_;
    CLI::App app_;
    std::map<const Verb*, CLI::App*> apps_;
    std::map<const Option*, CLI::Option*> options_;
};

}  // namespace

std::string see_help(const std::string& problem, const Verb& verb) {
    return fmt::format("{} See '{} --help'.", problem.ends_with('?') ? "" : ".", verb.path());
}

CommandLine read_command_line(const Verb& root, const Words& arguments) {
    Words asked = arguments;
    if (!asked.empty() && asked.front() == "help") {  // help run
        asked.erase(asked.begin());
        asked.emplace_back("--help");
    }
    const Tokens tokens(root, asked);
    return Parser(root).parse(tokens);
}

}  // namespace harness::cli
