#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "reports/statistics/bootstrap.hpp"
#include "reports/statistics/proportion.hpp"

namespace reports::statistics {

/// Numbers of items by true and by predicted class. [truth][predicted], square.
using Confusion = std::vector<std::vector<std::size_t>>;

/// Counts pairs of classes 0 to classes - 1; the two have the same length.
Confusion confusion(std::size_t classes, std::span<const std::size_t> truth, std::span<const std::size_t> predicted);

/// F1 = 2 tp / (2 tp + fp + fn). Of the items that are of the class or predicted as such, tp is a binomial count, and
/// F1 = 2 j / (1 + j) for its share j, so the interval is Wilson's of j, carried over.
struct F1 {
    double value = 0;
    data::Interval ci95;
};

struct ClassMeasures {
    std::optional<Proportion> recall;     ///< of the items of this class; the sensitivity of a positive class
    std::optional<Proportion> precision;  ///< of the items predicted as this class
    std::optional<F1> f1;                 ///< none if the class is neither true nor predicted anywhere
};

struct Classification {
    std::optional<Proportion> accuracy;
    std::vector<ClassMeasures> classes;
    /// Mean F1 of the classes that have one. Its interval needs the items: bootstrap_macro_f1_95.
    std::optional<double> macro_f1;
};
/// Measures that would divide by 0 are nullopt.
Classification classification(const Confusion& confusion);

/// Measures of a two-class judge: truth and prediction are positive or not.
struct BinaryCounts {
    std::size_t true_positives = 0;
    std::size_t false_negatives = 0;
    std::size_t false_positives = 0;
    std::size_t true_negatives = 0;
};
struct BinaryMeasures {
    std::optional<Proportion> sensitivity;  ///< tp / (tp + fn), also called recall
    std::optional<Proportion> specificity;  ///< tn / (tn + fp)
    std::optional<Proportion> precision;    ///< tp / (tp + fp)
    std::optional<Proportion> accuracy;
    std::optional<F1> f1;
};
BinaryMeasures binary_measures(const BinaryCounts& counts);

/// Cluster bootstrap of macro-F1; see bootstrap95.
std::optional<Bootstrap> bootstrap_macro_f1_95(std::size_t classes, std::span<const std::size_t> truth,
                                               std::span<const std::size_t> predicted,
                                               const std::vector<std::size_t>& cluster_of = {},
                                               const BootstrapSettings& settings = {});

}  // namespace reports::statistics
