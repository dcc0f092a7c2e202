#include "harness/cli/verbs/verbs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/usage_error.hpp"
#include "harness/cli/output_schemas.hpp"
#include "harness/cli/parse.hpp"
#include "harness/cli/settings.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"

using namespace harness::cli;

namespace {

template <class Visit>
void for_each_verb(const Verb& verb, const Visit& visit) {
    if (verb.run()) visit(verb);
    for (const auto& below : verb.verbs()) for_each_verb(*below, visit);
}

/// The words of a call as a shell splits them: quotes group words.
std::vector<std::string> words_of(const std::string& call) {
    std::vector<std::string> words(1);
    bool quoted = false;
    for (const char c : call) {
        if (c == '\'') {
            quoted = !quoted;
        } else if (c == ' ' && !quoted) {
            words.emplace_back();
        } else {
            words.back() += c;
        }
    }
    return words;
}

/// BELLWETHER_RUN_LIMIT for "bellwether run limit".
std::string variable(const std::string& words) {
    std::string name;
    for (const char c : words) {
        if (c == ' ' || c == '-') {
            name += '_';
        } else {
            name += static_cast<char>(std::toupper(c));
        }
    }
    return name;
}

/// "[suites.render]\n".
std::string table_of(const Verb& verb) {
    std::string path = verb.path().substr(verb.path().find(' ') + 1);
    std::replace(path.begin(), path.end(), ' ', '.');
    return "[" + path + "]\n";
}

/// A call of the verb with its required options and those that `option` needs, but without `option`, and with a
/// configuration file.
CommandLine line_without(const Verb& verb, const Option& option, const std::string& file) {
    CommandLine line{.verb = &verb, .given = {}};
    for (const auto& other : verb.options()) {
        const bool is_needed =
            std::find(option.needed.begin(), option.needed.end(), other->name) != option.needed.end();
        if (other.get() != &option && (other->is_required || is_needed)) line.given[other.get()] = {"x"};
        if (other->name == "--config") line.given[other.get()] = {file};
    }
    return line;
}

/// Sets an environment variable while the object exists.
class Variable {
public:
    Variable(std::string name, const char* value) : name_(std::move(name)) { setenv(name_.c_str(), value, 1); }
    ~Variable() { unsetenv(name_.c_str()); }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

private:
    std::string name_;
};

}  // namespace

TEST_SUITE("harness.cli") {
    TEST_CASE("every verb has examples that call it") {
        Verb root("bellwether", "");
        add_all_verbs(root);
        int seen = 0;
        for_each_verb(root, [&seen](const Verb& verb) {
            CAPTURE(verb.path());
            CHECK_FALSE(verb.examples().empty());
            CHECK_FALSE(verb.summary().empty());
            for (const std::string& example : verb.examples()) {
                CAPTURE(example);
                CHECK(example.starts_with(verb.path()));
                std::vector<std::string> words = words_of(example);
                words.erase(words.begin());
                CHECK_NOTHROW(parse(words));
                ++seen;
            }
        });
        CHECK(seen > 21);
    }

    TEST_CASE("options that share a name have one meaning or are set only by their verb's name") {
        Verb root("bellwether", "");
        add_all_verbs(root);
        std::map<std::string, std::pair<const Option*, std::string>> first;
        for_each_verb(root, [&first](const Verb& verb) {
            for (const auto& option : verb.options()) {
                if (option->is_positional() || option->is_of_its_verb) continue;
                const auto added = first.try_emplace(option->name, option.get(), verb.path());
                const bool is_new = added.second;
                if (is_new) continue;
                const auto known = added.first;
                CAPTURE(option->name);
                CAPTURE(verb.path());
                CAPTURE(known->second.second);
                CHECK(option->value_name == known->second.first->value_name);
                CHECK(option->arity == known->second.first->arity);
            }
        });
        CHECK(first.size() > 30);
    }

    TEST_CASE("names of options use hyphens and are unique") {
        Verb root("bellwether", "");
        add_all_verbs(root);
        for_each_verb(root, [](const Verb& verb) {
            std::map<std::string, int> names;
            for (const auto& option : verb.options()) {
                CAPTURE(option->name);
                CHECK(option->name.find('_') == std::string::npos);
                CHECK_FALSE(option->help.empty());
                CHECK(static_cast<bool>(option->reader));
                ++names[option->name];
                for (const std::string& alias : option->aliases) ++names[alias];
            }
            for (const auto& [name, count] : names) CHECK(count == 1);
        });
    }

    TEST_CASE("every option can be set by variables and in configuration files") {
        Verb root("bellwether", "");
        add_all_verbs(root);
        add_config_options(root);
        const Temporary folder;
        std::map<std::string, std::string> options_of_variables;
        int seen = 0;
        for_each_verb(root, [&](const Verb& verb) {
            for (const auto& option : verb.options()) {
                if (option->is_positional() || option->name == "--config") continue;
                CAPTURE(verb.path());
                CAPTURE(option->name);
                const CommandLine line = line_without(verb, *option, folder / "c.toml");
                const auto words = [&](const std::string& file) {
                    put(folder / "c.toml", file);
                    const Settings settings = settings_of(root, line);
                    const auto found = settings.find(option.get());
                    return found == settings.end() ? std::vector<std::string>{} : found->second.words;
                };
                const std::vector<std::string> seven = {"7"};
                const std::string own = variable(verb.path() + " " + option->name.substr(2));
                const std::string general = variable("bellwether " + option->name.substr(2));
                const std::string key = option->name.substr(2);
                if (!option->is_required) CHECK(words("").empty());
                {
                    const Variable set(own, "7");
                    CHECK(words("") == seven);
                }
                {
                    const Variable set(general, "7");
                    if (option->is_required && option->is_of_its_verb) {
                        CHECK_THROWS_AS(words(""), harness::base::UsageError);  // it is missing
                    } else {
                        CHECK(words("").empty() == option->is_of_its_verb);
                    }
                }
                CHECK(words(table_of(verb) + key + " = \"7\"\n") == seven);
                CHECK(words(table_of(verb) + key + " = 7\n") == seven);
                if (!option->is_of_its_verb) CHECK(words(key + " = \"7\"\n") == seven);
                // No variable sets options of two names.
                for (const std::string& name : {own, general}) {
                    const auto [known, is_new] = options_of_variables.try_emplace(name, option->name);
                    CHECK(known->second == option->name);
                }
                ++seen;
            }
        });
        CHECK(seen > 100);
    }

    TEST_CASE("every verb that prints JSON has a schema and every other schema is of a form or a file") {
        std::set<std::string> schemas;
        for (const SchemaName& schema : output_schemas()) schemas.insert(schema.name);
        Verb root("bellwether", "");
        add_all_verbs(root);
        std::set<std::string> verbs;
        for_each_verb(root, [&](const Verb& verb) {
            std::string name = verb.path().substr(verb.path().find(' ') + 1);
            std::replace(name.begin(), name.end(), ' ', '-');
            const bool prints_json = std::any_of(verb.options().begin(), verb.options().end(),
                                                 [](const auto& option) { return option->name == "--json"; });
            CAPTURE(name);
            verbs.insert(name);
            if (prints_json) CHECK(schemas.contains(name));
        });
        const std::set<std::string> files = {"policy", "reward-model", "study"};
        for (const std::string& schema : schemas) {
            CAPTURE(schema);
            const bool is_of_a_verb = std::any_of(verbs.begin(), verbs.end(), [&schema](const std::string& verb) {
                return schema == verb || schema.starts_with(verb + "-");
            });
            CHECK((is_of_a_verb || files.contains(schema)));
        }
        CHECK_THROWS_AS(output_schema("common"), harness::base::UsageError);
    }

    TEST_CASE("parsing runs nothing") {
        CHECK_NOTHROW(parse({"run", "--model", "/no/such.gguf", "--suite", "none", "--tasks", "/no/such"}));
        CHECK_NOTHROW(parse({"merge", "a", "b"}));
    }
}
