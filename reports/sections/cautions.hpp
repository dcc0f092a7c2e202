#pragma once

#include <string>
#include <vector>

#include "reports/data/run.hpp"

namespace reports::sections {

/// What limits the meaning of a report's numbers, a sentence each: unfinished and imported runs, failed items, scores
/// too few and too skewed or clusters too few for a sure interval, settings that differ, warnings about model files.
/// Hostile text.
std::vector<std::string> cautions(const std::vector<data::RunView>& runs);

}  // namespace reports::sections
