#include "safety/reward/lbfgs.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <optional>
#include <utility>

#include "safety/reward/error.hpp"
#include "safety/reward/line_search.hpp"

namespace safety::reward {
namespace {

/// A step s = x' - x, the change of the gradient y = g' - g, and s . y.
struct Correction {
    std::vector<double> step;
    std::vector<double> change;
    double product = 0;
};

double norm(std::span<const double> vector) {
    return std::sqrt(inner_product(vector, vector));
}

void add_scaled(std::vector<double>& to, double factor, std::span<const double> what) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += factor * what[i];
}

/// Minus the approximated inverse Hessian times the gradient: the two loops of algorithm 7.4, with the scale of
/// equation 7.20 for the initial Hessian.
std::vector<double> descent(const std::vector<double>& gradient, const std::deque<Correction>& history) {
    std::vector<double> direction(gradient.size());
    std::transform(gradient.begin(), gradient.end(), direction.begin(), [](double g) { return -g; });
    std::vector<double> factors(history.size());
    for (std::size_t i = history.size(); i-- > 0;) {
        factors[i] = inner_product(history[i].step, direction) / history[i].product;
        add_scaled(direction, -factors[i], history[i].change);
    }
    if (!history.empty()) {
        const Correction& last = history.back();
        const double scale = last.product / inner_product(last.change, last.change);
        for (double& value : direction) value *= scale;
    }
    for (std::size_t i = 0; i < history.size(); ++i) {
        const double back = inner_product(history[i].change, direction) / history[i].product;
        add_scaled(direction, factors[i] - back, history[i].step);
    }
    return direction;
}

void remember(std::deque<Correction>& history, const Point& from, const Point& to, std::size_t max) {
    Correction correction{to.x, to.gradient, 0};
    add_scaled(correction.step, -1, from.x);
    add_scaled(correction.change, -1, from.gradient);
    correction.product = inner_product(correction.step, correction.change);
    // The Wolfe conditions make the product positive, except for rounding.
    if (correction.product <= 0) return;
    if (history.size() == max) history.pop_front();
    history.push_back(std::move(correction));
}

}  // namespace

Minimum minimise(const Function& function, std::vector<double> start, const LbfgsSettings& settings) {
    Point now{std::move(start), 0, {}};
    now.gradient.resize(now.x.size());
    now.value = function(now.x, now.gradient);
    double gradient_norm = norm(now.gradient);
    if (!std::isfinite(now.value) || !std::isfinite(gradient_norm))
        throw RewardError("training: the loss at the start is not finite; are the features too large?");

    Minimum minimum;
    minimum.curve.push_back({now.value, gradient_norm});
    std::deque<Correction> history;
    while (gradient_norm > settings.gradient_tolerance) {
        if (minimum.curve.size() > settings.max_iterations) {
            minimum.stop = Stop::MaxIterations;
            break;
        }
        // Without curvature the first step has length 1 or less.
        const double first_step = history.empty() ? std::min(1.0, 1 / gradient_norm) : 1;
        std::optional<Point> next = wolfe_step(function, now, descent(now.gradient, history), first_step);
        if (!next && history.empty()) {
            minimum.stop = Stop::NoProgress;
            break;
        }
        if (!next) {
            history.clear();  // try the gradient itself once before giving up
            continue;
        }
        remember(history, now, *next, std::max<std::size_t>(settings.history, 1));
        now = std::move(*next);
        gradient_norm = norm(now.gradient);
        minimum.curve.push_back({now.value, gradient_norm});
    }
    minimum.x = std::move(now.x);
    minimum.value = now.value;
    return minimum;
}

}  // namespace safety::reward
