#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "reports/data/run.hpp"

namespace reports::formats {

/// [{"task", "setting", "values"}], a value for each run; "task" is null for the runs themselves.
nlohmann::json setting_differences_json(const std::vector<data::RunView>& runs);

}  // namespace reports::formats
