#pragma once

#include <optional>
#include <span>
#include <vector>

#include "safety/reward/lbfgs.hpp"

namespace safety::reward {

/// A point with the function's value and gradient there.
struct Point {
    std::vector<double> x;
    double value = 0;
    std::vector<double> gradient;
};

/// A point along `direction` from `from`, which satisfies the strong Wolfe conditions with constants 1e-4 and 0.9:
/// sufficient decrease and |slope| at most 0.9 of the slope at the start (Nocedal and Wright 2006, algorithms 3.5 and
/// 3.6, with cubic interpolation). `first_step` is tried first, as a multiple of `direction`. Where values differ only
/// by rounding, sufficient decrease is judged by slopes (Hager and Zhang 2005, SIAM J. Optim. 16:170, "approximate
/// Wolfe"). nullopt if no such point is found within 40 evaluations or `direction` does not descend.
std::optional<Point> wolfe_step(const Function& function, const Point& from, std::span<const double> direction,
                                double first_step);

double inner_product(std::span<const double> a, std::span<const double> b);

}  // namespace safety::reward
