#pragma once

#include <string>
#include <vector>

#include "safety/prompts/prompt.hpp"
#include "safety/prompts/sets.hpp"

/// Common parts of the verbs below `prompts`.
namespace harness::cli {

/// A built-in set, or a set from a user's file.
struct PromptSet {
    std::string name;
    std::string description;
    std::uint32_t version = 1;
    std::string sha256;
    std::vector<safety::prompts::Prompt> prompts;
};

/// The set of this name, or in the file at this path. Throws PromptError for an unknown name, with the nearest one, and
/// for an invalid file.
PromptSet prompt_set(const std::string& name_or_file);

/// A filter "NAME=VALUE" for prompts whose tag, language or persona has this value.
struct TagFilter {
    std::string name;
    std::string value;
};

/// Parses filters. Throws UsageError for a text without "=" and for an unknown tag.
std::vector<TagFilter> tag_filters(const std::vector<std::string>& texts);

/// The prompts that match all filters. Throws UsageError when there is none.
std::vector<safety::prompts::Prompt> filtered(std::vector<safety::prompts::Prompt> prompts,
                                              const std::vector<TagFilter>& filters);

}  // namespace harness::cli
