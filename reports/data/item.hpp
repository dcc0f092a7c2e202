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
    std::string finish = "";  ///< generate: "eos", "stop", "length"; empty: not known
};

struct ItemView {
    std::uint64_t doc = 0;
    /// What was expected. Of choices: the right exchanges' indices from 0, with commas between ("0" or "1,3").
    std::string target;
    std::string error;
    std::vector<Exchange> exchanges;
    std::map<std::string, std::optional<double>> scores;
    std::map<std::string, std::string> explanations = {};  ///< of scores, by metric; hostile text too
};

}  // namespace reports::data
