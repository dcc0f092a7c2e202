#include "reports/statistics/corrected_rate.hpp"

#include <algorithm>
#include <cmath>

#include "reports/statistics/interval.hpp"
#include "reports/statistics/normal.hpp"

namespace reports::statistics {
namespace {

/// Sums over the labelled items (y: human, f: judge) and over all.
struct Sums {
    double labels = 0;
    double y = 0;
    double f = 0;
    double yf = 0;
    double ff = 0;
    double all_f = 0;
    double least_f = 0;
    double most_f = 0;
};

Sums sums_of(const JudgedItems& items) {
    Sums sums;
    if (!items.judge.empty()) sums.least_f = sums.most_f = items.judge.front();
    for (std::size_t i = 0; i < items.judge.size(); ++i) {
        const double f = items.judge[i];
        sums.all_f += f;
        sums.least_f = std::min(sums.least_f, f);
        sums.most_f = std::max(sums.most_f, f);
        const std::optional<double> y = i < items.human.size() ? items.human[i] : std::nullopt;
        if (!y) continue;
        ++sums.labels;
        sums.y += *y;
        sums.f += f;
        sums.yf += *y * f;
        sums.ff += f * f;
    }
    return sums;
}

std::size_t whole(double count) {
    return static_cast<std::size_t>(std::lround(count));
}

CorrectedRate rate(RateMethod method, double estimate, const Sums& sums, const JudgedItems& items) {
    return {.method = method,
            .estimate = std::clamp(estimate, 0.0, 1.0),
            .ci95 = {},
            .labels = whole(sums.labels),
            .items = items.judge.size(),
            .lambda = std::nullopt,
            .worth = std::nullopt};
}

/// A share with half a yes and half a no more, and its variance.
struct Smoothed {
    double share;
    double variance;
};
Smoothed smoothed(double hits, double total) {
    const double share = (hits + 0.5) / (total + 1);
    return {share, share * (1 - share) / (total + 1)};
}

/// Ends of the rates p with (a - p slope)^2 <= z^2 (Var q + p^2 Var se + (1 - p)^2 Var sp). nullopt if they are not
/// bounded.
std::optional<data::Interval> fieller95(const Smoothed& q, const Smoothed& se, const Smoothed& sp) {
    const double square = z_level() * z_level();
    const double a = q.share + sp.share - 1;
    const double slope = se.share + sp.share - 1;
    const double quadratic = slope * slope - square * (se.variance + sp.variance);
    if (quadratic <= 0 || slope <= 0) return std::nullopt;
    const double half_linear = a * slope - square * sp.variance;
    const double constant = a * a - square * (q.variance + sp.variance);
    const double root = std::sqrt(std::max(0.0, half_linear * half_linear - quadratic * constant));
    return data::Interval{std::clamp((half_linear - root) / quadratic, 0.0, 1.0),
                          std::clamp((half_linear + root) / quadratic, 0.0, 1.0)};
}

struct Tuned {
    double lambda;
    double explained;  ///< g: share of the labels' variance that the judge takes away
};

Tuned tune(const Sums& sums) {
    const double n = sums.labels + 2;
    const double ends = sums.least_f + sums.most_f;
    const double y = (sums.y + 1) / n;
    const double f = (sums.f + ends) / n;
    const double cov = (sums.yf + ends / 2) / n - y * f;
    const double squares = sums.least_f * sums.least_f + sums.most_f * sums.most_f;
    const double variance = (sums.ff + squares) / n - f * f;
    // A judge that always says the same explains nothing; rounding must not make it a divisor.
    if (sums.least_f == sums.most_f || variance <= 0) return {0, 0};
    const double lambda = std::clamp(cov / variance, 0.0, 1.0);
    return {lambda, lambda * (2 * cov - lambda * variance) / (y * (1 - y))};
}

}  // namespace

RateResult human_rate(const JudgedItems& items) {
    const Sums sums = sums_of(items);
    if (sums.labels == 0) return RateRefusal{RateProblem::FewLabels, 0, 1};
    CorrectedRate result = rate(RateMethod::HumanOnly, sums.y / sums.labels, sums, items);
    result.ci95 = wilson95(result.estimate, sums.labels);
    return result;
}

RateResult rogan_gladen(const JudgedItems& items) {
    const Sums sums = sums_of(items);
    const double negatives = sums.labels - sums.y;
    const auto few = [](double count, std::size_t least) { return count < static_cast<double>(least); };
    if (few(sums.labels, kMinLabels)) return RateRefusal{RateProblem::FewLabels, whole(sums.labels), kMinLabels};
    const double others = static_cast<double>(items.judge.size()) - sums.labels;
    if (few(others, kMinUnlabelled)) return RateRefusal{RateProblem::FewUnlabelled, whole(others), kMinUnlabelled};
    const bool binary = std::all_of(items.judge.begin(), items.judge.end(), [](double f) { return f == 0 || f == 1; });
    if (!binary) return RateRefusal{RateProblem::JudgeNotBinary, 0, 0};
    if (few(sums.y, kMinLabelsOfKind)) return RateRefusal{RateProblem::FewPositives, whole(sums.y), kMinLabelsOfKind};
    if (few(negatives, kMinLabelsOfKind)) {
        return RateRefusal{RateProblem::FewNegatives, whole(negatives), kMinLabelsOfKind};
    }
    const double correct_negatives = negatives - (sums.f - sums.yf);
    const auto interval = fieller95(smoothed(sums.all_f - sums.f, others), smoothed(sums.yf, sums.y),
                                    smoothed(correct_negatives, negatives));
    if (!interval) return RateRefusal{RateProblem::JudgeByChance, 0, 0};
    const double sensitivity = sums.yf / sums.y;
    const double specificity = correct_negatives / negatives;
    const double estimate = ((sums.all_f - sums.f) / others + specificity - 1) / (sensitivity + specificity - 1);
    CorrectedRate result = rate(RateMethod::RoganGladen, estimate, sums, items);
    // The interval is built around the smoothed shares, so near 0 and 1 the estimate can lie just outside.
    result.ci95 = {std::min(interval->low, result.estimate), std::max(interval->high, result.estimate)};
    return result;
}

RateResult prediction_powered(const JudgedItems& items) {
    const Sums sums = sums_of(items);
    if (sums.labels < static_cast<double>(kMinLabels)) {
        return RateRefusal{RateProblem::FewLabels, whole(sums.labels), kMinLabels};
    }
    const Tuned tuned = tune(sums);
    const auto all = static_cast<double>(items.judge.size());
    const double shift = sums.all_f / all - sums.f / sums.labels;
    CorrectedRate result =
        rate(RateMethod::PredictionPowered, sums.y / sums.labels + tuned.lambda * shift, sums, items);
    result.lambda = tuned.lambda;
    result.worth = sums.labels / (1 - tuned.explained * (1 - sums.labels / all));
    result.ci95 = wilson95(result.estimate, *result.worth);
    return result;
}

}  // namespace reports::statistics
