#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "suites/request.hpp"
#include "suites/row.hpp"

namespace safety::prompts {

/// One prompt of a set: a conversation that ends with a user's turn, which the model answers.
struct Prompt {
    std::string id;
    std::vector<suites::Message> turns;  ///< user and assistant in turn, the user first and last
    /// "category", and other tags of the set: "category2", "vector", "hazard", "label" ("safe" or "unsafe": whether the
    /// prompt asks for harm).
    std::map<std::string, std::string, std::less<>> tags;
    std::string language;  ///< ISO 639 code of the user's turns
    std::string persona;   ///< who writes the prompt; for adversarial prompts "skilled" or "unskilled"
    std::string note;      ///< for raters
    std::uint32_t version = 1;
    std::string contrast;  ///< id of an unsafe prompt on the same subject; empty: none

    /// The value of a tag, or of "language" or "persona"; empty when the prompt does not have it.
    std::string tag(std::string_view name) const;
    bool is_single_turn() const { return turns.size() == 1; }
    /// The user's turns, separated by line breaks, for comparing prompts.
    std::string user_text() const;
};

/// Parses the prompts of a set: JSON lines with the fields of README.md. `where`: the file, for error messages. Throws
/// PromptError with all mistakes, at most 100.
std::vector<Prompt> parse_prompts(std::string_view content, const std::string& where);

/// A prompt as a line of a set file, without the line break.
std::string to_line(const Prompt& prompt);

}  // namespace safety::prompts
