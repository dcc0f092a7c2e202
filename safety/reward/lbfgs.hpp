#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace safety::reward {

/// A differentiable function: returns its value at `x` and replaces `gradient`. Both spans have the same size.
using Function = std::function<double(std::span<const double> x, std::span<double> gradient)>;

struct LbfgsSettings {
    std::size_t max_iterations = 200;
    double gradient_tolerance = 1e-6;  ///< stop at a Euclidean norm of the gradient of at most this
    std::size_t history = 10;          ///< number of steps that approximate the Hessian
};

/// The state after an iteration.
struct Progress {
    double value = 0;
    double gradient_norm = 0;
};

/// Why the minimiser stopped. NoProgress: no step along the search direction lowers the value, which is usual where the
/// gradient is near the rounding error of the value.
enum class Stop { Converged, MaxIterations, NoProgress };

struct Minimum {
    std::vector<double> x;
    double value = 0;
    std::vector<Progress> curve;  ///< the start, then one entry per iteration
    Stop stop = Stop::Converged;
};

/// Minimises a smooth function by L-BFGS with a line search for the strong Wolfe conditions (Nocedal and Wright 2006,
/// Numerical Optimization, algorithms 7.4 and 7.5). Deterministic: the bits of the result depend on the arguments only.
/// Throws RewardError if the value or the gradient at the start is not finite.
Minimum minimise(const Function& function, std::vector<double> start, const LbfgsSettings& settings);

}  // namespace safety::reward
