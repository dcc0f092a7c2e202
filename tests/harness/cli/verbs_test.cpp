#include "harness/cli/verbs/verbs.hpp"

#include <doctest/doctest.h>

#include <map>

#include "harness/cli/parse.hpp"

using namespace harness::cli;

namespace {

template <class Visit>
void for_each_verb(const Verb& verb, const Visit& visit) {
    if (verb.run()) visit(verb);
    for (const auto& below : verb.verbs()) for_each_verb(*below, visit);
}

/// The words of a call as a shell takes them: quotes hold words together.
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

}  // namespace

TEST_SUITE("harness.cli") {
    TEST_CASE("every verb has examples, and they are calls of it") {
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

    TEST_CASE("options that share a name mean the same or are set by their verb's name alone") {
        Verb root("bellwether", "");
        add_all_verbs(root);
        std::map<std::string, std::pair<const Option*, std::string>> first;
        for_each_verb(root, [&first](const Verb& verb) {
            for (const auto& option : verb.options()) {
                if (option->is_positional() || option->is_of_its_verb) continue;
                const auto [known, is_new] = first.try_emplace(option->name, option.get(), verb.path());
                if (is_new) continue;
                CAPTURE(option->name);
                CAPTURE(verb.path());
                CAPTURE(known->second.second);
                CHECK(option->value_name == known->second.first->value_name);
                CHECK(option->arity == known->second.first->arity);
            }
        });
        CHECK(first.size() > 30);
    }

    TEST_CASE("names of options are written with hyphens, and each is there once") {
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

    TEST_CASE("parsing runs nothing") {
        CHECK_NOTHROW(parse({"run", "--model", "/no/such.gguf", "--suite", "none", "--tasks", "/no/such"}));
        CHECK_NOTHROW(parse({"merge", "a", "b"}));
    }
}
