#pragma once

#include <string>
#include <vector>

#include "safety/prompts/prompt.hpp"
#include "safety/prompts/sets.hpp"

/// What the verbs below `prompts` have in common.
namespace harness::cli {

/// A set by its name ("safety"), or a set file of the user's own by its path.
struct PromptSet {
    std::string name;
    std::string description;
    std::uint32_t version = 1;
    std::string sha256;
    std::vector<safety::prompts::Prompt> prompts;
};

/// Throws PromptError for what is neither, naming the nearest, and for a file that is wrong.
PromptSet prompt_set(const std::string& name_or_file);

/// "NAME=VALUE": prompts whose tag, language or persona has this value.
struct TagFilter {
    std::string name;
    std::string value;
};

/// Throws UsageError for a text without "=" and for a tag that no prompt can have.
std::vector<TagFilter> tag_filters(const std::vector<std::string>& texts);

/// The prompts that all filters let through. Throws UsageError when there is none.
std::vector<safety::prompts::Prompt> filtered(std::vector<safety::prompts::Prompt> prompts,
                                              const std::vector<TagFilter>& filters);

}  // namespace harness::cli
