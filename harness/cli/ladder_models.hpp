#pragma once

#include "harness/ladder/candidates.hpp"
#include "harness/ladder/text.hpp"
#include "reports/data/ladder.hpp"

namespace harness::cli {

/// Opens the models one after another, with a progress bar on standard error, and compares each with the first. A model
/// that fails, other than the first, is in the result with its failure, and the others go on. Ctrl-C and SIGTERM stop
/// it with an EngineError (Stopped). Throws as ladder::Measurement does.
reports::data::Ladder measure_ladder(const std::vector<ladder::Candidate>& models, const ladder::Text& text,
                                     const engine::EngineOptions& engine);

}  // namespace harness::cli
