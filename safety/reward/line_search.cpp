#include "safety/reward/line_search.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace safety::reward {
namespace {

constexpr double kDecrease = 1e-4;
constexpr double kCurvature = 0.9;
constexpr std::size_t kMaxEvaluations = 40;
constexpr double kGrowth = 4;  // of the step while the function still falls

/// The function along the direction.
struct Trial {
    double step = 0;
    double value = 0;
    double slope = 0;
};

/// Minimum of the cubic through two trials (Nocedal and Wright, equation 3.59), kept away from both ends by a tenth of
/// the interval so that the interval shrinks.
double interpolated(const Trial& a, const Trial& b) {
    const double width = b.step - a.step;
    const double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.step - b.step);
    const double square = d1 * d1 - a.slope * b.slope;
    double step = a.step + width / 2;
    if (square >= 0 && std::isfinite(square)) {
        const double d2 = std::copysign(std::sqrt(square), width);
        const double cubic = b.step - width * (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2);
        if (std::isfinite(cubic)) step = cubic;
    }
    const double near = a.step + 0.1 * width;
    const double far = b.step - 0.1 * width;
    return std::clamp(step, std::min(near, far), std::max(near, far));
}

class Search {
public:
    Search(const Function& function, const Point& from, std::span<const double> direction)
        : function_(function), from_(from), direction_(direction) {
        start_ = {0, from.value, inner_product(from.gradient, direction)};
        point_ = {std::vector<double>(from.x.size()), 0, std::vector<double>(from.x.size())};
    }

    std::optional<Point> run(double first_step) {
        if (!(start_.slope < 0)) return std::nullopt;
        Trial before = start_;
        Trial now = evaluate(first_step);
        while (evaluations_ < kMaxEvaluations) {
            if (!decreases(now) || (before.step > 0 && is_above(now, before))) return zoom(before, now);
            if (is_flat(now)) return std::move(point_);
            if (now.slope >= 0) return zoom(now, before);
            before = now;
            now = evaluate(now.step * kGrowth);
        }
        return std::nullopt;
    }

private:
    Trial evaluate(double step) {
        ++evaluations_;
        for (std::size_t i = 0; i < direction_.size(); ++i) point_.x[i] = from_.x[i] + step * direction_[i];
        point_.value = function_(point_.x, point_.gradient);
        return {step, point_.value, inner_product(point_.gradient, direction_)};
    }

    bool decreases(const Trial& trial) const {
        if (!std::isfinite(trial.value) || !std::isfinite(trial.slope)) return false;
        if (trial.value <= start_.value + kDecrease * trial.step * start_.slope) return true;
        return !is_above(trial, start_) && trial.slope <= (2 * kDecrease - 1) * start_.slope;
    }

    /// By more than rounding.
    bool is_above(const Trial& a, const Trial& b) const { return a.value > b.value + 1e-14 * std::abs(start_.value); }

    bool is_flat(const Trial& trial) const { return std::abs(trial.slope) <= -kCurvature * start_.slope; }

    /// `low` satisfies sufficient decrease and its slope points to `high`.
    std::optional<Point> zoom(Trial low, Trial high) {
        while (evaluations_ < kMaxEvaluations && low.step != high.step) {
            const Trial now = evaluate(interpolated(low, high));
            if (!decreases(now) || is_above(now, low)) {
                high = now;
                continue;
            }
            if (is_flat(now)) return std::move(point_);
            if (now.slope * (high.step - low.step) >= 0) high = low;
            low = now;
        }
        return std::nullopt;
    }

    const Function& function_;
    const Point& from_;
    std::span<const double> direction_;
    Trial start_;
    Point point_;  // of the last evaluation
    std::size_t evaluations_ = 0;
};

}  // namespace

double inner_product(std::span<const double> a, std::span<const double> b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

std::optional<Point> wolfe_step(const Function& function, const Point& from, std::span<const double> direction,
                                double first_step) {
    return Search(function, from, direction).run(first_step);
}

}  // namespace safety::reward
