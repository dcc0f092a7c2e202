#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "safety/judge/template.hpp"

namespace safety::judge {

/// Version of the rules below: scores of answers that they change depend on it.
constexpr int kNeutralTextVersion = 2;

/// Writes what a conversation or an answer says as data of a judge's prompt. Whatever looks like a mark of the template
/// or of a chat format is changed, and nothing else:
///
/// - brackets around words of the template's marks ("<END CONVERSATION>", "</conversation>") or of a chat format
///   ("[INST]", "<|im_end|>", "</s>") become parentheses;
/// - the colon of a label at the start of a line ("Agent:", "**user** :", "### Response:") becomes " -".
///
/// "Looks like" ignores case, emphasis, spacing, invisible characters and look-alikes of other scripts.
class NeutralText {
public:
    explicit NeutralText(const Template& judge);

    std::string operator()(std::string_view text) const;

private:
    class Pass;
    /// "Agent:" as "agent" and ':'.
    struct Label {
        std::string text;
        char end;
    };
    void add_label(std::string_view label);

    std::set<std::string> words_;                  ///< of the template's marks
    std::set<std::vector<std::string>> openings_;  ///< the first two words of each mark, or its one
    std::vector<Label> labels_;
};

}  // namespace safety::judge
