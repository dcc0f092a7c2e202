#pragma once

#include <optional>
#include <vector>

namespace reports::data {

/// Scores of items; none is unscored.
using ItemValues = std::vector<std::optional<double>>;

struct Interval {
    double low = 0;
    double high = 0;
};

}  // namespace reports::data
