#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

/// The tags of the sets, and what each set must have of them.
namespace safety::prompts {

/// Shares from `min` to `max`, of 1.
struct ShareRange {
    double min = 0;
    double max = 1;
};

/// What a prompt set must hold. README.md says where the numbers come from.
struct Requirements {
    std::size_t prompts = 1;  ///< at least
    ShareRange single_turn = {};
    double other_languages = 0;  ///< least share of prompts in other languages than English
    /// Known values of each tag; a tag that is not listed may have any value.
    std::map<std::string, std::vector<std::string>> tags = {};
    std::size_t in_category = 0;  ///< prompts of each category at least
    std::map<std::string, ShareRange> category_shares = {};
    std::size_t in_cell = 0;  ///< prompts of each category and attack vector at least
    std::size_t longest = 0;  ///< words that the longest last turn has at least
};

/// "helpfulness", "safety" or "borderline"; for any other name the least: that there is a prompt.
const Requirements& requirements_of(const std::string& set);

}  // namespace safety::prompts
