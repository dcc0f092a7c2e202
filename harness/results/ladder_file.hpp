#pragma once

#include <string>

#include "reports/data/ladder.hpp"

namespace harness::results {

/// The quantisation ladder in a JSON report, as `ladder --out FILE.json` writes it, without the scores, which a report
/// takes from its runs. Throws base::UsageError with the field that is wrong.
reports::data::Ladder read_ladder(const std::string& path);

}  // namespace harness::results
