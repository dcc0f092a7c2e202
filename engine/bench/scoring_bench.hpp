#pragma once

#include "engine/bench/bench.hpp"
#include "engine/llama/forward.hpp"

namespace engine::bench {

/// 5-shot MMLU's shape: 700 tokens of examples, questions of 100 with four choices of one token; the same proportions
/// where the context is shorter. With reuse four questions from an empty cache; without it two choices of one, as each
/// choice computes the same.
ScoringRates measure_scoring(llama::Forward& forward);

}  // namespace engine::bench
