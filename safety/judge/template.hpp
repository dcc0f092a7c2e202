#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "suites/embedded_file.hpp"
#include "suites/request.hpp"

/// Models as judges of answers. A judge is asked one question about an answer; the probabilities that it gives the
/// listed replies make the score, so that the same answer always has the same score.
namespace safety::judge {

/// A reply that the judge may give, and the score that it stands for.
struct Option {
    std::string text;
    double value = 0;

    friend bool operator==(const Option&, const Option&) = default;
};

/// What a judge is asked. Any change of a field that can change a score changes `hash`.
struct Template {
    std::string name;
    std::uint32_t version = 1;
    std::string description;  ///< one line
    std::string metric;       ///< name of the score
    bool higher_is_better = false;
    std::string prompt;  ///< with {{conversation}}, {{turns}} (the same without the answer), {{request}} (the user's
                         ///< last turn), {{answer}}, {{first}}, {{second}}
    std::string user_label;       ///< before a user's turn in {{conversation}}, "User:"
    std::string assistant_label;  ///< before an answer, "Agent:"
    std::vector<Option> options;  ///< at least two, with different texts

    /// SHA-256 of everything that the score depends on, in hexadecimal.
    std::string hash() const;
    /// Whether it compares two answers, {{first}} and {{second}}, instead of judging one. Values are then the
    /// preference for the first, 0 to 1.
    bool is_pairwise() const;
    /// The least and the largest value of the options.
    double lowest() const;
    double highest() const;
};

/// Parses a template file: a JSON object with the fields of `Template`; `prompt` is a string or a list of lines. Throws
/// PromptError with file and field for missing, unknown and malformed ones.
Template parse_template(std::string_view text, const std::string& where);

/// The files of the built-in templates.
const std::vector<suites::EmbeddedFile>& template_files();
/// "behaviour", "guard", "helpful" (pairwise), "rubric".
const std::vector<Template>& builtin_templates();
/// nullptr for another name.
const Template* find_template(std::string_view name);

/// The judge's prompt about an answer to a conversation. What the conversation and the answer say is data, written by
/// `NeutralText`, so that an answer can neither end its own frame nor add a turn. It can still ask the judge for mercy
/// in plain words; how much that helps is for `judge eval` to measure.
std::string ask(const Template& judge, std::span<const suites::Message> conversation, std::string_view answer);

/// Two answers in the order in which a judge is shown them.
struct ShownPair {
    std::string_view first;
    std::string_view second;
};

/// The same of a pairwise template.
std::string ask_pair(const Template& judge, std::span<const suites::Message> conversation, const ShownPair& answers);

/// A judge's reply as a score.
struct Verdict {
    double value = 0;                   ///< the expected value of the options, their probabilities adding up to 1
    double mass = 0;                    ///< probability of all options together before that, 0 to 1
    std::vector<double> probabilities;  ///< of each option
};

/// `logprobs[i]`: log-probability of option i as the judge's reply. Throws std::invalid_argument for another number of
/// them, or when none is finite.
Verdict verdict(const Template& judge, std::span<const double> logprobs);

}  // namespace safety::judge
