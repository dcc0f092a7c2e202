#include "reports/statistics/power.hpp"

#include <algorithm>
#include <cmath>

#include "reports/statistics/normal.hpp"

namespace reports::statistics {
namespace {

double critical(const TestLevel& test) {
    return normal_quantile(1 - (test.sides == Sides::Two ? test.level / 2 : test.level));
}

}  // namespace

double item_variance(const PairedDesign& design) {
    return design.between_items + design.within_a / static_cast<double>(design.repeats_a) +
           design.within_b / static_cast<double>(design.repeats_b);
}

std::size_t needed_items(const PairedDesign& design, double difference, const TestLevel& test) {
    const double factor = critical(test) + normal_quantile(test.power);
    const double items = factor * factor * item_variance(design) / (difference * difference);
    return std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(items)));
}

double detectable_difference(const PairedDesign& design, std::size_t items, const TestLevel& test) {
    const double factor = critical(test) + normal_quantile(test.power);
    return factor * std::sqrt(item_variance(design) / static_cast<double>(items));
}

std::optional<double> chance_to_find(const PairedDesign& design, double difference, std::size_t items,
                                     const TestLevel& test) {
    const double error = std::sqrt(item_variance(design) / static_cast<double>(items));
    if (error <= 0) return std::nullopt;
    return normal_below(std::abs(difference) / error - critical(test));
}

}  // namespace reports::statistics
