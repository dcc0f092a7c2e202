#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "safety/prompts/prompt.hpp"
#include "safety/prompts/taxonomy.hpp"

namespace safety::prompts {

/// One line of a check's table.
struct Measure {
    std::string name;
    std::string value;
    std::string required;  ///< empty: it is only told
    bool holds = true;
};

struct CheckReport {
    std::vector<Measure> measures;
    std::vector<std::string> faults;  ///< prompts that are at fault and why, one a line

    bool holds() const;
};

/// Measures variety, proportions and tags. Similarity is that of the user's turns: Jaccard over sequences of three
/// words.
CheckReport check_set(const std::vector<Prompt>& prompts, const Requirements& requirements);

/// Adds whether any prompt, or any user's turn of it, has a similarity of 0.5 or more to one of `texts`. `name` says
/// whose they are.
void check_against(const std::vector<Prompt>& prompts, const std::vector<std::string>& texts, const std::string& name,
                   CheckReport& report);

/// Every text of three words or more in the data files (JSON, JSON lines, CSV, TSV, text; also with .gz) below a
/// folder, or in one file: prompts of others, whatever their fields are called. Throws PromptError for a file that
/// cannot be read.
std::vector<std::string> foreign_texts(const std::string& path);

}  // namespace safety::prompts
