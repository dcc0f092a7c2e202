#include "harness/cli/prompt_sets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "harness/base/read_file.hpp"
#include "harness/base/sha256.hpp"
#include "harness/base/usage_error.hpp"
#include "safety/error.hpp"
#include "suites/suggestion.hpp"

namespace harness::cli {
namespace {

using safety::prompts::Prompt;

const std::set<std::string> kFilters = {"category", "category2", "vector", "hazard", "language", "persona", "turns"};

std::string value_of(const Prompt& prompt, const std::string& name) {
    if (name == "turns") return prompt.is_single_turn() ? "single" : "multi";
    return prompt.tag(name);
}

bool passes(const Prompt& prompt, const std::vector<TagFilter>& filters) {
    return std::all_of(filters.begin(), filters.end(),
                       [&](const TagFilter& filter) { return value_of(prompt, filter.name) == filter.value; });
}

}  // namespace

PromptSet prompt_set(const std::string& name_or_file) {
    std::set<std::string> names;
    for (const safety::prompts::Set& set : safety::prompts::builtin_sets()) {
        names.insert(set.name);
        if (set.name == name_or_file)
            return {set.name, set.description, set.version, set.sha256(),
                    safety::prompts::parse_prompts(set.content, set.file + ".jsonl")};
    }
    if (!std::filesystem::is_regular_file(name_or_file))
        throw safety::PromptError(
            fmt::format("'{}' is no prompt set and no file{}", name_or_file, suites::suggestion(name_or_file, names)));
    const std::string content = base::read_file(name_or_file);
    return {name_or_file, "a file of your own", 1, base::sha256_hex(content),
            safety::prompts::parse_prompts(content, name_or_file)};
}

std::vector<TagFilter> tag_filters(const std::vector<std::string>& texts) {
    std::vector<TagFilter> filters;
    for (const std::string& text : texts) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos)
            throw base::UsageError(fmt::format("--tag: '{}' has no '='; write for example category=illicit", text));
        const std::string name = text.substr(0, equals);
        if (!kFilters.contains(name))
            throw base::UsageError(fmt::format("--tag: '{}' is no tag{}", name, suites::suggestion(name, kFilters)));
        filters.push_back({name, text.substr(equals + 1)});
    }
    return filters;
}

std::vector<Prompt> filtered(std::vector<Prompt> prompts, const std::vector<TagFilter>& filters) {
    std::set<std::string> values;
    for (const Prompt& prompt : prompts) {
        if (!filters.empty()) values.insert(value_of(prompt, filters.back().name));
    }
    std::erase_if(prompts, [&](const Prompt& prompt) { return !passes(prompt, filters); });
    if (prompts.empty()) {
        const TagFilter& last = filters.back();
        constexpr std::size_t kShown = 20;
        throw base::UsageError(fmt::format("no prompt has {}{}",
                                           filters.size() == 1 ? last.name + "=" + last.value : "all of these tags",
                                           values.size() <= kShown ? suites::suggestion(last.value, values) : ""));
    }
    return prompts;
}

}  // namespace harness::cli
