#include "engine/language_model.hpp"

#include <algorithm>

namespace engine {

double ScoreResult::logprob() const {
    // In order of position, so that the sum has the same bits everywhere.
    double sum = 0;
    for (const TokenScore& token : tokens) sum += token.logprob;
    return sum;
}

bool ScoreResult::greedy() const {
    return std::all_of(tokens.begin(), tokens.end(), [](const TokenScore& token) { return token.greedy; });
}

std::string_view to_string(Finish finish) {
    switch (finish) {
        case Finish::Eos: return "eos";
        case Finish::Stop: return "stop";
        case Finish::Length: return "length";
    }
    return "";
}

}  // namespace engine
