#pragma once

#include "engine/bench/bench.hpp"
#include "engine/llama/forward.hpp"

namespace engine::bench {

/// Work in the shape of 5-shot MMLU: 700 tokens of examples and questions of 100 tokens with four choices of one token,
/// in the same proportions when the context is shorter. With reuse, four questions from an empty cache; without reuse,
/// two choices of one question, since every choice then costs the same.
ScoringRates measure_scoring(llama::Forward& forward);

}  // namespace engine::bench
