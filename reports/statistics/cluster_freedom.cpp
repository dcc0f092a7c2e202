#include "reports/statistics/cluster_freedom.hpp"

#include <cmath>

namespace reports::statistics {

double cluster_freedom(std::span<const double> sizes, double correlation) {
    // The deviations of cluster g add up to its values less a_g times all values, with a_g its share of the items. With
    // v_g the variance of its values' sum and V that of all, C = diag(v) - a v' - v a' + V a a'.
    double items = 0;
    for (const double size : sizes) items += size;
    double all = 0;  // V
    double aa = 0;
    double av = 0;
    double vv = 0;
    double avv = 0;
    double aav = 0;  // sum of a^2 v; the others likewise
    for (const double size : sizes) {
        const double share = size / items;
        const double variance = size * (1 - correlation) + size * size * correlation;
        all += variance;
        aa += share * share;
        av += share * variance;
        vv += variance * variance;
        avv += share * variance * variance;
        aav += share * share * variance;
    }
    const double trace = all - 2 * av + all * aa;
    const double trace_of_square =
        vv - 4 * avv + 2 * all * aav + 2 * (av * av + aa * vv) - 4 * all * av * aa + std::pow(all * aa, 2);
    return trace * trace / trace_of_square;
}

}  // namespace reports::statistics
