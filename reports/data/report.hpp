#pragma once

#include <optional>
#include <vector>

#include "reports/data/item_difference.hpp"
#include "reports/data/ladder.hpp"
#include "reports/data/published.hpp"
#include "reports/data/ratings.hpp"
#include "reports/data/run.hpp"
#include "reports/data/safety.hpp"
#include "reports/data/terms.hpp"

namespace reports::data {

/// All data of one report.
struct Report {
    std::vector<RunView> runs;  ///< the others are compared with the first
    std::optional<Published> published = std::nullopt;
    std::optional<RunDifference> items = std::nullopt;  ///< the first two runs item by item
    std::optional<Safety> safety = std::nullopt;        ///< of the runs that have safety prompts
    std::vector<Study> studies = {};                    ///< in which people rated answers
    std::optional<Ladder> ladder = std::nullopt;        ///< of quantisations; its scores and flips are those of `runs`
    std::optional<Terms> terms = std::nullopt;          ///< of the licence of some runs' models
};

}  // namespace reports::data
