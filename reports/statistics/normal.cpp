#include "reports/statistics/normal.hpp"

#include <boost/math/distributions/normal.hpp>

namespace reports::statistics {

double normal_quantile(double probability) {
    return boost::math::quantile(boost::math::normal(), probability);
}

double normal_below(double z) {
    return boost::math::cdf(boost::math::normal(), z);
}

double z_level() {
    static const double z = normal_quantile(1 - kLevel / 2);
    return z;
}

}  // namespace reports::statistics
