#pragma once

#include <optional>
#include <vector>

namespace reports::data {

/// Scores of items; nullopt: unscored.
using ItemValues = std::vector<std::optional<double>>;

struct Interval {
    double low = 0;
    double high = 0;
};

/// Range of a metric's values, which decides how its interval is computed.
enum class Scale {
    Plain,        ///< a mean; treated as Share if every score is within 0 to 1
    Share,        ///< a mean of scores within 0 to 1
    Exponential,  ///< the exponential of a mean, such as a perplexity: above 0
};

}  // namespace reports::data
