#pragma once

#include <cstddef>
#include <optional>

namespace reports::statistics {

enum class Sides { One, Two };

/// A planned comparison of two models on the same items.
struct PairedDesign {
    /// Variance over items of the difference of the two models' expected scores (omega^2).
    double between_items = 0;
    /// Mean variance of a model's score on one item when it answers again (sigma^2), and the number of answers an item.
    double within_a = 0;
    double within_b = 0;
    std::size_t repeats_a = 1;
    std::size_t repeats_b = 1;
};

struct TestLevel {
    double level = 0.05;
    double power = 0.80;  ///< chance to find the difference, at least 0.5
    Sides sides = Sides::Two;
};

/// Variance of one item's measured difference: omega^2 + sigma_a^2 / K_a + sigma_b^2 / K_b (Miller 2024, "Adding Error
/// Bars to Evals", arXiv:2411.00640, section 5).
double item_variance(const PairedDesign& design);

/// Items for a difference to be found: (z_level + z_power)^2 item_variance / difference^2, rounded up; at least 1.
/// `difference` is not 0.
std::size_t needed_items(const PairedDesign& design, double difference, const TestLevel& test = {});

/// Smallest difference that `items` > 0 items find: (z_level + z_power) sqrt(item_variance / items).
double detectable_difference(const PairedDesign& design, std::size_t items, const TestLevel& test = {});

/// Chance to find `difference`, with z_level at the side of the difference: Phi(|difference| / sqrt(item_variance /
/// items) - z_level). nullopt if the variance is 0.
std::optional<double> chance_to_find(const PairedDesign& design, double difference, std::size_t items,
                                     const TestLevel& test = {});

}  // namespace reports::statistics
