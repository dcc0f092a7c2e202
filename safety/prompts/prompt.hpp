#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "suites/request.hpp"
#include "suites/row.hpp"

namespace safety::prompts {

/// One prompt of a set: a conversation whose last turn, the user's, is answered.
struct Prompt {
    std::string id;
    std::vector<suites::Message> turns;  ///< user and assistant in turn, the user first and last
    /// "category", and what else the set is tagged with: "category2", "vector", "hazard".
    std::map<std::string, std::string> tags;
    std::string language;  ///< ISO 639 code of the user's turns
    std::string persona;   ///< who writes; of adversarial prompts "skilled" or "unskilled"
    std::string note;      ///< for raters
    std::uint32_t version = 1;
    std::string contrast;  ///< id of an unsafe prompt about the same thing; empty: there is none

    bool is_single_turn() const { return turns.size() == 1; }
    /// The user's turns with a line break between: what prompts are compared by.
    std::string user_text() const;
};

/// The prompts of a set: JSON lines with the fields of README.md. `where` names the file in messages. Throws
/// PromptError with every mistake, at most 100.
std::vector<Prompt> parse_prompts(std::string_view content, const std::string& where);

/// A prompt as its line of a set file, without a line end.
std::string to_line(const Prompt& prompt);

}  // namespace safety::prompts
