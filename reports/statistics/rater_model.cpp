#include "reports/statistics/rater_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "reports/statistics/graded_response.hpp"
#include "reports/statistics/newton.hpp"

namespace reports::statistics {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t kPoints = 33;
constexpr double kEnd = 4;
constexpr double kThresholdVariance = 100;
constexpr double kConverged = 1e-4;

double position_of(std::size_t point) {
    return kEnd * (2 * static_cast<double>(point) / (kPoints - 1) - 1);
}

struct Rater {
    double ability = 1;
    double leniency = 0;
};

struct Rated {
    std::size_t rater = 0;
    std::size_t category = 0;
};

/// [point][category] expected number of ratings.
using Counts = std::vector<std::vector<double>>;

class Fit {
public:
    Fit(const Ratings& ratings, const RaterModelSettings& settings) : settings_(settings) {
        std::map<std::size_t, std::size_t> used;
        for (const auto& item : ratings.items) {
            for (const auto& category : item) {
                if (category) used.try_emplace(*category, 0);
            }
        }
        for (auto& [category, position] : used) {
            position = categories_.size();
            categories_.push_back(category);
        }
        for (const auto& item : ratings.items) {
            items_.emplace_back();
            raters_.resize(std::max(raters_.size(), item.size()));
            for (std::size_t rater = 0; rater < item.size(); ++rater) {
                if (item[rater]) items_.back().push_back({rater, used.at(*item[rater])});
            }
        }
    }

    bool is_possible() const {
        return categories_.size() > 1 &&
               std::any_of(items_.begin(), items_.end(), [](const auto& item) { return item.size() > 1; });
    }

    /// Runs the EM algorithm.
    RaterModel run(std::size_t scale_size);

private:
    void start();
    void expect();
    double improve();
    double improve_rater(std::size_t rater);
    double improve_thresholds();
    double log_probability(const Rater& rater, std::size_t point, std::size_t category) const {
        return graded_category(rater.ability * position_of(point) + rater.leniency, thresholds_, category)
            .log_probability;
    }
    ItemPosition position(std::size_t item) const;
    std::vector<double> shares(std::size_t scale_size) const;

    RaterModelSettings settings_;
    std::vector<std::size_t> categories_;  // those that are used, as positions in the scale
    std::vector<std::vector<Rated>> items_;
    std::vector<Rater> raters_;
    std::vector<double> thresholds_;
    std::vector<std::vector<double>> posterior_;  // [item][point]
    std::vector<Counts> counts_;                  // [rater]
};

void Fit::start() {
    std::vector<double> totals(categories_.size(), 0.5);
    for (const auto& item : items_) {
        for (const Rated& rated : item) ++totals[rated.category];
    }
    double all = 0;
    for (const double total : totals) all += total;
    double below = 0;
    for (std::size_t k = 0; k + 1 < totals.size(); ++k) {
        below += totals[k];
        thresholds_.push_back(std::log(below / (all - below)));
    }
}

void Fit::expect() {
    std::vector<Counts> logs(raters_.size(), Counts(kPoints, std::vector<double>(categories_.size())));
    for (std::size_t rater = 0; rater < raters_.size(); ++rater) {
        for (std::size_t point = 0; point < kPoints; ++point) {
            for (std::size_t category = 0; category < categories_.size(); ++category)
                logs[rater][point][category] = log_probability(raters_[rater], point, category);
        }
    }
    counts_.assign(raters_.size(), Counts(kPoints, std::vector<double>(categories_.size(), 0.0)));
    posterior_.assign(items_.size(), std::vector<double>(kPoints));
    for (std::size_t i = 0; i < items_.size(); ++i) {
        std::vector<double>& weights = posterior_[i];
        for (std::size_t point = 0; point < kPoints; ++point) {
            weights[point] = -position_of(point) * position_of(point) / 2;
            for (const Rated& rated : items_[i]) weights[point] += logs[rated.rater][point][rated.category];
        }
        const double largest = *std::max_element(weights.begin(), weights.end());
        double sum = 0;
        for (double& weight : weights) sum += weight = std::exp(weight - largest);
        for (double& weight : weights) weight /= sum;
        for (const Rated& rated : items_[i]) {
            for (std::size_t point = 0; point < kPoints; ++point)
                counts_[rated.rater][point][rated.category] += weights[point];
        }
    }
}

double Fit::improve_rater(std::size_t rater) {
    const auto function = [&](const VectorXd& at) {
        const Eigen::Vector2d from_prior = at - Eigen::Vector2d(1, 0);
        const Eigen::Vector2d precision(1 / settings_.ability_variance, 1 / settings_.leniency_variance);
        Curvature sum{.value = -from_prior.cwiseAbs2().dot(precision) / 2,
                      .gradient = -from_prior.cwiseProduct(precision),
                      .information = precision.asDiagonal()};
        for (std::size_t point = 0; point < kPoints; ++point) {
            const Eigen::Vector2d direction(position_of(point), 1);
            for (std::size_t category = 0; category < categories_.size(); ++category) {
                const double count = counts_[rater][point][category];
                const GradedCategory one = graded_category(at.dot(direction), thresholds_, category);
                sum.value += count * one.log_probability;
                sum.gradient -= count * (one.upper + one.lower) * direction;
                sum.information -= count * (one.upper_upper + one.lower_lower + 2 * one.upper_lower) * direction *
                                   direction.transpose();
            }
        }
        return sum;
    };
    const VectorXd start = Eigen::Vector2d(raters_[rater].ability, raters_[rater].leniency);
    const VectorXd found = maximise(function, start);
    raters_[rater] = {found[0], found[1]};
    return (found - start).lpNorm<Eigen::Infinity>();
}

double Fit::improve_thresholds() {
    const auto size = static_cast<Eigen::Index>(thresholds_.size());
    const auto function = [&](const VectorXd& at) {
        const std::vector<double> thresholds(at.begin(), at.end());
        Curvature sum{.value = -at.squaredNorm() / kThresholdVariance / 2,
                      .gradient = -at / kThresholdVariance,
                      .information = MatrixXd::Identity(size, size) / kThresholdVariance};
        if (!std::is_sorted(thresholds.begin(), thresholds.end())) {
            sum.value = -std::numeric_limits<double>::infinity();
            return sum;
        }
        for (std::size_t rater = 0; rater < raters_.size(); ++rater) {
            for (std::size_t point = 0; point < kPoints; ++point) {
                const double e = raters_[rater].ability * position_of(point) + raters_[rater].leniency;
                for (Eigen::Index category = 0; category <= size; ++category) {
                    const double count = counts_[rater][point][static_cast<std::size_t>(category)];
                    const GradedCategory one = graded_category(e, thresholds, static_cast<std::size_t>(category));
                    sum.value += count * one.log_probability;
                    if (category < size) {
                        sum.gradient[category] += count * one.upper;
                        sum.information(category, category) -= count * one.upper_upper;
                    }
                    if (category == 0) continue;
                    sum.gradient[category - 1] += count * one.lower;
                    sum.information(category - 1, category - 1) -= count * one.lower_lower;
                    if (category == size) continue;
                    sum.information(category, category - 1) -= count * one.upper_lower;
                    sum.information(category - 1, category) -= count * one.upper_lower;
                }
            }
        }
        return sum;
    };
    const VectorXd start = Eigen::Map<const VectorXd>(thresholds_.data(), size);
    const VectorXd found = maximise(function, start);
    thresholds_.assign(found.begin(), found.end());
    return (found - start).lpNorm<Eigen::Infinity>();
}

double Fit::improve() {
    double moved = improve_thresholds();
    for (std::size_t rater = 0; rater < raters_.size(); ++rater) moved = std::max(moved, improve_rater(rater));
    return moved;
}

ItemPosition Fit::position(std::size_t item) const {
    double mean = 0;
    double squares = 0;
    for (std::size_t point = 0; point < kPoints; ++point) {
        mean += posterior_[item][point] * position_of(point);
        squares += posterior_[item][point] * position_of(point) * position_of(point);
    }
    return {mean, std::sqrt(std::max(0.0, squares - mean * mean))};
}

std::vector<double> Fit::shares(std::size_t scale_size) const {
    Rater usual{.ability = 0, .leniency = 0};
    for (const Rater& rater : raters_) {
        usual.ability += rater.ability / static_cast<double>(raters_.size());
        usual.leniency += rater.leniency / static_cast<double>(raters_.size());
    }
    std::vector<double> result(scale_size, 0.0);
    for (std::size_t point = 0; point < kPoints; ++point) {
        double weight = 0;
        for (const auto& posterior : posterior_) weight += posterior[point] / static_cast<double>(posterior_.size());
        for (std::size_t category = 0; category < categories_.size(); ++category)
            result[categories_[category]] += weight * std::exp(log_probability(usual, point, category));
    }
    return result;
}

RaterModel Fit::run(std::size_t scale_size) {
    RaterModel result;
    start();
    expect();
    while (!result.has_converged && result.iterations < settings_.max_iterations) {
        result.has_converged = improve() <= kConverged;
        expect();
        ++result.iterations;
    }
    for (const Rater& rater : raters_) result.raters.push_back({0, rater.ability, rater.leniency});
    for (const auto& item : items_) {
        for (const Rated& rated : item) ++result.raters[rated.rater].ratings;
    }
    for (std::size_t item = 0; item < items_.size(); ++item) result.items.push_back(position(item));
    result.shares = shares(scale_size);
    return result;
}

}  // namespace

std::optional<RaterModel> rater_model(const Ratings& ratings, const RaterModelSettings& settings) {
    Fit fit(ratings, settings);
    if (!fit.is_possible()) return std::nullopt;
    return fit.run(ratings.scores.size());
}

}  // namespace reports::statistics
