#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/report.hpp"
#include "reports/sections/table.hpp"
#include "reports/statistics/paired.hpp"

namespace reports::sections {

/// A metric of a task in a run of one of the ladder's models.
struct LadderScore {
    std::size_t model = 0;  ///< index in the ladder
    const data::RunView* run = nullptr;
    const data::TaskView* task = nullptr;
    const data::MetricValues* metric = nullptr;
    /// Against the reference's run, item by item; none for that run itself, and without such a run.
    std::optional<statistics::Paired> paired = std::nullopt;

    /// Items whose verdict changed; none for scores that are not 0 or 1.
    std::optional<std::uint64_t> flips() const;
};
/// Of the report's runs whose model is in its ladder, found by fingerprint, by task and metric in the order of the
/// reference's run, then by model. Result points into `report`, which has a ladder.
std::vector<LadderScore> ladder_scores(const data::Report& report);

/// What casts doubt on the ladder: models that failed, a reference with fewer bits per weight than another model, a
/// text of one window.
std::vector<std::string> ladder_warnings(const data::Ladder& ladder);

/// In reading order; the first has size, divergence, score, flips and speed of every model. Empty ones are left out.
std::vector<Table> ladder_tables(const data::Report& report);

}  // namespace reports::sections
