#include "harness/study/plan.hpp"

#include <algorithm>
#include <cmath>

#include "reports/statistics/normal.hpp"

namespace harness::study {
namespace {

/// Variance of the mean rating of one item.
double item_variance(const PlannedStudy& study) {
    const double k = study.raters;
    return study.variance * (1 + (k - 1) * study.correlation) / k;
}

}  // namespace

double win_variance(double win, double tie) {
    const double mean = win + tie / 2;
    return win + tie / 4 - mean * mean;
}

double share_variance(double share) {
    return share * (1 - share);
}

double half_width(const PlannedStudy& study, std::uint64_t items) {
    return reports::statistics::z_level() * std::sqrt(item_variance(study) / static_cast<double>(items));
}

std::uint64_t items_for(const PlannedStudy& study, double half_width) {
    const double z = reports::statistics::z_level();
    const double items = std::ceil(z * z * item_variance(study) / (half_width * half_width));
    return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(items));
}

std::uint64_t raters_for(const PlannedStudy& study, std::uint64_t items, std::uint64_t items_per_rater) {
    const std::uint64_t ratings = items * study.raters;
    return std::max<std::uint64_t>(study.raters, (ratings + items_per_rater - 1) / items_per_rater);
}

}  // namespace harness::study
