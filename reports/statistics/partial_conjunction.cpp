#include "reports/statistics/partial_conjunction.hpp"

#include <algorithm>

namespace reports::statistics {

double at_least_true(std::vector<double> p, std::size_t wanted) {
    std::sort(p.begin(), p.end());
    return std::min(1.0, static_cast<double>(p.size() - wanted + 1) * p.at(wanted - 1));
}

}  // namespace reports::statistics
