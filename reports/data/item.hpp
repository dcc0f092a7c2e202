#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace reports::data {

/// One request to a model with its answer. All text is hostile.
struct Exchange {
    std::string kind;  ///< "choice", "generate", "rolling"
    std::string prompt;
    std::string answer;  ///< the continuation that was scored, or the generated text
    std::optional<double> logprob;
    std::string finish = {};       ///< generate: "eos", "stop", "length"; empty: unknown
    std::uint64_t cut_tokens = 0;  ///< tokens cut on the left of the prompt
};

/// Score of an item for one metric.
struct ItemScore {
    std::optional<double> value;   ///< none: unscored
    std::string explanation = {};  ///< reason for the value; empty: none
};

struct ItemView {
    std::uint64_t doc = 0;
    /// Expected answer. For choices: the indices of the correct exchanges from 0, separated by commas ("0" or "1,3").
    std::string target;
    std::string error;
    std::vector<Exchange> exchanges;
    std::map<std::string, ItemScore> scores;  ///< by metric
    std::string category = {};                ///< as the document names it: a subject, a topic; empty: none
};

}  // namespace reports::data
