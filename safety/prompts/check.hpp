#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "safety/prompts/prompt.hpp"
#include "safety/prompts/taxonomy.hpp"

namespace safety::prompts {

/// One row of a check's table.
struct Measure {
    std::string name;
    std::string value;
    std::string required;  ///< empty: no requirement, for information only
    bool holds = true;
};

struct CheckReport {
    std::vector<Measure> measures;
    std::vector<std::string> faults;  ///< invalid prompts with the reason, one per line

    bool holds() const;
};

/// Measures variety, proportions and tags of a set. Similarity is the Jaccard index of the user's turns over sequences
/// of three words.
CheckReport check_set(const std::vector<Prompt>& prompts, const Requirements& requirements);

/// Prompts of another project.
struct ForeignTexts {
    std::string name;  ///< their source, for the report
    std::vector<std::string> texts;
};

/// Adds to `report`, for each source, whether any prompt, or any single user turn, has a similarity of at least 0.5 to
/// one of its texts.
void check_against(const std::vector<Prompt>& prompts, const std::vector<ForeignTexts>& sources, CheckReport& report);

/// All strings of at least three words, from any field, in one data file or all data files below a folder (JSON, JSON
/// lines, CSV, TSV, text; also with .gz): prompts of other projects. Throws PromptError for a file that cannot be read.
std::vector<std::string> foreign_texts(const std::string& path);

}  // namespace safety::prompts
