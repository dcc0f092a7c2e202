#include "harness/cli/verb.hpp"

#include <utility>

namespace harness::cli {

Option& Option::required() {
    is_required = true;
    return *this;
}

Option& Option::of_its_verb() {
    is_of_its_verb = true;
    return *this;
}

Option& Option::alias(std::string other) {
    aliases.push_back(std::move(other));
    return *this;
}

Option& Option::needs(const Option& other) {
    needed.push_back(other.name);
    return *this;
}

Option& Option::excludes(Option& other) {
    excluded.push_back(other.name);
    other.excluded.push_back(name);
    return *this;
}

Verb& Verb::verb(std::string name, std::string summary) {
    verbs_.push_back(std::make_unique<Verb>(std::move(name), std::move(summary)));
    verbs_.back()->parent_ = this;
    verbs_.back()->group_ = heading_;
    return *verbs_.back();
}

Option& Verb::add(Option option) {
    option.group = heading_;
    options_.push_back(std::make_unique<Option>(std::move(option)));
    return *options_.back();
}

Option& Verb::argument(std::string name, Reader reader, std::string help) {
    return add({.name = std::move(name), .help = std::move(help), .reader = std::move(reader)});
}

Option& Verb::arguments(std::string name, Reader reader, std::string help) {
    return add(
        {.name = std::move(name), .help = std::move(help), .arity = Arity::Several, .reader = std::move(reader)});
}

Option& Verb::flag(std::string name, Reader reader, std::string help) {
    return add({.name = std::move(name), .help = std::move(help), .arity = Arity::None, .reader = std::move(reader)});
}

Option& Verb::option(std::string name, std::string value_name, Reader reader, std::string help) {
    return add({.name = std::move(name),
                .value_name = std::move(value_name),
                .help = std::move(help),
                .reader = std::move(reader)});
}

std::string Verb::path() const {
    return parent_ == nullptr ? name_ : parent_->path() + " " + name_;
}

}  // namespace harness::cli
