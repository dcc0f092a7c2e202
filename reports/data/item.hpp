#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace reports::data {

/// One thing that a model was asked and answered. All text is hostile.
struct Exchange {
    std::string kind;  ///< "choice", "generate", "rolling"
    std::string prompt;
    std::string answer;  ///< the continuation that was scored, or the generated text
    std::optional<double> logprob;
    std::string finish = {};       ///< generate: "eos", "stop", "length"; empty: not known
    std::uint64_t cut_tokens = 0;  ///< lost on the left of the prompt
};

/// What an item got for one metric.
struct ItemScore {
    std::optional<double> value;   ///< none: unscored
    std::string explanation = {};  ///< why; empty: nothing to say
};

struct ItemView {
    std::uint64_t doc = 0;
    /// What was expected. Of choices: the correct exchanges' indices from 0, with commas between ("0" or "1,3").
    std::string target;
    std::string error;
    std::vector<Exchange> exchanges;
    std::map<std::string, ItemScore> scores;  ///< by metric
};

}  // namespace reports::data
