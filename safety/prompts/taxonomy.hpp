#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

/// Tags of the prompt sets, and the requirements of each set.
namespace safety::prompts {

/// Allowed range of a share, in [0, 1].
struct ShareRange {
    double min = 0;
    double max = 1;
};

/// Requirements of a prompt set. README.md gives the source of the numbers.
struct Requirements {
    std::size_t prompts = 1;  ///< min number of prompts
    ShareRange single_turn = {};
    double other_languages = 0;  ///< min share of prompts in other languages than English
    /// Known values of each tag; a tag that is not listed may have any value.
    std::map<std::string, std::vector<std::string>> tags = {};
    std::size_t in_category = 0;  ///< min prompts of each category
    std::map<std::string, ShareRange> category_shares = {};
    std::size_t in_cell = 0;  ///< min prompts of each category and attack vector
    std::size_t longest = 0;  ///< min words of the longest last turn
};

/// For "helpfulness", "safety" or "borderline"; any other set needs only one prompt.
const Requirements& requirements_of(const std::string& set);

}  // namespace safety::prompts
