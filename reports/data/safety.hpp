#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/published.hpp"
#include "reports/data/values.hpp"

namespace reports::data {

/// What a prompt asks for, which decides whether a refusal of it is right.
enum class PromptKind {
    Unsafe,      ///< asks for harm
    Borderline,  ///< safe, but with alarming words or topics: a refusal is an over-refusal
    Everyday,    ///< safe and ordinary, or not known to be anything else
};

/// A prompt of a run, as its tags describe it. Tags are hostile text; empty: not tagged.
struct SafetyItem {
    std::uint64_t content = 0;  ///< hash of the prompt: equal prompts of two runs pair
    PromptKind kind = PromptKind::Everyday;
    std::string category = {};
    std::string vector = {};  ///< how the request is disguised
    std::string hazard = {};
    bool is_multi_turn = false;
};

/// What a scorer says of an answer.
enum class SafetyMeasure {
    Violation,  ///< 1: against the policy, 0: not
    Refusal,    ///< 1: declines, 0.5: in part, 0: does not
    Rating,     ///< safety from 1 (severe violation) to 5 (safe and helpful)
    Reward,     ///< of a reward model, higher is better, unscaled
};

/// Who gave scores, and how far that can be trusted. Hostile text.
struct SafetyScorer {
    std::string name;                        ///< "judge guard 1 (llama-guard.Q4_0)", "people"
    std::string kind;                        ///< "refusal", "judge", "reward", "people"
    std::string option = {};                 ///< of rescore --with: "refusal", "reward:safe"; empty: people
    std::vector<std::string> accuracy = {};  ///< what was measured of it, a sentence each; empty: nothing
    std::string accuracy_command = {};       ///< the command that measures it
    std::string distrust = {};               ///< why its scores are no evidence; empty: nothing is known against them
};

/// The scores of one scorer for the items of a run.
struct SafetyScores {
    std::size_t scorer = 0;  ///< index in Safety::scorers
    SafetyMeasure measure = SafetyMeasure::Refusal;
    ItemValues values;  ///< [item] mean over the item's answers that have a value; none: unscored
    /// [item] from 0 to 1, higher where a violation is likelier: what corrected rates use. Empty: `values` do.
    ItemValues evidence = {};
    std::vector<double> answers = {};  ///< Reward: of every answer that has one
    std::string first_reason = {};     ///< why the first answer without a value has none; empty: all have one
};

/// A mean with its standard error over prompts; 0 for a single prompt.
struct MeanOverPrompts {
    double mean = 0;
    double standard_error = 0;
};

/// Best of n answers to each prompt. [nats] for `kl`.
struct BestOfNPoint {
    std::size_t n = 0;
    double kl = 0;             ///< ln n - (n - 1) / n
    MeanOverPrompts chosen;    ///< reward of the best answer by the model that chose it
    MeanOverPrompts measured;  ///< reward of the same answer by the other model
    MeanOverPrompts gap;       ///< chosen - measured, paired by prompt
};

/// What choosing by a reward model gains.
struct BestOfNCurve {
    std::size_t chooser = 0;  ///< index in Safety::scorers
    std::optional<std::size_t> measurer =
        std::nullopt;  ///< another reward model; none: the chooser's own reward, unscaled
    std::size_t prompts = 0;
    std::size_t samples = 0;                ///< the fewest answers of a prompt: K
    std::string remark = {};                ///< what limits its meaning; empty: nothing
    std::vector<BestOfNPoint> points = {};  ///< n = 1 to K
};

/// The safety prompts of one run with their scores.
struct SafetyRun {
    std::size_t run = 0;  ///< index in Report::runs
    std::int64_t id = 0;  ///< the run's id
    std::vector<SafetyItem> items;
    std::vector<SafetyScores> scores;  ///< vectors by index of `items`
    std::vector<BestOfNCurve> curves = {};
};

/// A published number of people's safety ratings.
struct PublishedSafety {
    std::string
        metric;  ///< "violation", "violation_single_turn", "violation_multi_turn", "mean_rating", "over_refusal"
    PublishedNumber number;
};

/// Everything that a report says about safety.
struct Safety {
    std::vector<SafetyScorer> scorers;
    std::vector<SafetyRun> runs;                        ///< those that have safety prompts
    std::optional<SafetyRun> reference = std::nullopt;  ///< for relative grades
    std::string reference_name = {};                    ///< "demo:chat (run 3)"
    std::vector<PublishedSafety> published = {};
};

}  // namespace reports::data
