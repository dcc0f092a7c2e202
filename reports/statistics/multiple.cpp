#include "reports/statistics/multiple.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace reports::statistics {
namespace {

/// Positions of the values, smallest value first.
std::vector<std::size_t> ascending(const std::vector<double>& values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    return order;
}

}  // namespace

std::vector<double> holm(const std::vector<double>& p) {
    std::vector<double> adjusted(p.size());
    double largest = 0;
    std::size_t left = p.size();
    for (const std::size_t at : ascending(p)) {
        largest = std::max(largest, static_cast<double>(left--) * p[at]);
        adjusted[at] = std::min(1.0, largest);
    }
    return adjusted;
}

std::vector<double> benjamini_hochberg(const std::vector<double>& p) {
    std::vector<double> adjusted(p.size());
    const std::vector<std::size_t> order = ascending(p);
    double smallest = 1;
    for (std::size_t rank = order.size(); rank > 0; --rank) {
        const std::size_t at = order[rank - 1];
        smallest = std::min(smallest, p[at] * static_cast<double>(order.size()) / static_cast<double>(rank));
        adjusted[at] = smallest;
    }
    return adjusted;
}

}  // namespace reports::statistics
