#include "reports/statistics/newton.hpp"

#include <utility>

namespace reports::statistics {

Eigen::VectorXd maximise(const std::function<Curvature(const Eigen::VectorXd&)>& function, Eigen::VectorXd start) {
    constexpr int kMaxSteps = 100;
    constexpr double kSmallStep = 1e-10;
    Eigen::VectorXd point = std::move(start);
    Curvature here = function(point);
    for (int i = 0; i < kMaxSteps; ++i) {
        Eigen::VectorXd step = here.information.ldlt().solve(here.gradient);
        Curvature next = function(point + step);
        // NaN, from a step that is far too long, compares as no improvement.
        while (!(next.value >= here.value) && step.lpNorm<Eigen::Infinity>() > kSmallStep) {
            step /= 2;
            next = function(point + step);
        }
        if (!(next.value >= here.value)) break;
        point += step;
        here = std::move(next);
        if (step.lpNorm<Eigen::Infinity>() <= kSmallStep) break;
    }
    return point;
}

}  // namespace reports::statistics
