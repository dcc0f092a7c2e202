#include "reports/statistics/classification.hpp"

namespace reports::statistics {
namespace {

std::optional<F1> f1(std::size_t true_positives, std::size_t false_positives, std::size_t false_negatives) {
    const auto share = proportion(true_positives, true_positives + false_positives + false_negatives);
    if (!share) return std::nullopt;
    const auto carried = [](double j) { return 2 * j / (1 + j); };
    return F1{.value = carried(share->value), .ci95 = {carried(share->ci95.low), carried(share->ci95.high)}};
}

}  // namespace

Confusion confusion(std::size_t classes, std::span<const std::size_t> truth, std::span<const std::size_t> predicted) {
    Confusion result(classes, std::vector<std::size_t>(classes, 0));
    for (std::size_t item = 0; item < truth.size(); ++item) ++result[truth[item]][predicted[item]];
    return result;
}

Classification classification(const Confusion& confusion) {
    Classification result;
    std::size_t correct = 0;
    std::size_t all = 0;
    double sum = 0;
    std::size_t measured = 0;
    for (std::size_t own = 0; own < confusion.size(); ++own) {
        std::size_t truth = 0;
        std::size_t predicted = 0;
        for (std::size_t other = 0; other < confusion.size(); ++other) {
            truth += confusion[own][other];
            predicted += confusion[other][own];
        }
        const std::size_t hits = confusion[own][own];
        correct += hits;
        all += truth;
        result.classes.push_back({.recall = proportion(hits, truth),
                                  .precision = proportion(hits, predicted),
                                  .f1 = f1(hits, predicted - hits, truth - hits)});
        if (const auto& own_f1 = result.classes.back().f1) {
            sum += own_f1->value;
            ++measured;
        }
    }
    result.accuracy = proportion(correct, all);
    if (measured > 0) result.macro_f1 = sum / static_cast<double>(measured);
    return result;
}

BinaryMeasures binary_measures(const BinaryCounts& counts) {
    const auto& [tp, fn, fp, tn] = counts;
    return {.sensitivity = proportion(tp, tp + fn),
            .specificity = proportion(tn, tn + fp),
            .precision = proportion(tp, tp + fp),
            .accuracy = proportion(tp + tn, tp + fn + fp + tn),
            .f1 = f1(tp, fp, fn)};
}

std::optional<Bootstrap> bootstrap_macro_f1_95(std::size_t classes, std::span<const std::size_t> truth,
                                               std::span<const std::size_t> predicted,
                                               const std::vector<std::size_t>& cluster_of,
                                               const BootstrapSettings& settings) {
    const auto macro_f1 = [&](std::span<const double> counts) -> std::optional<double> {
        std::vector<double> hits(classes, 0.0);
        std::vector<double> claims(classes, 0.0);  // true plus predicted: 2 tp + fp + fn
        for (std::size_t item = 0; item < counts.size(); ++item) {
            claims[truth[item]] += counts[item];
            claims[predicted[item]] += counts[item];
            if (truth[item] == predicted[item]) hits[truth[item]] += counts[item];
        }
        double sum = 0;
        double measured = 0;
        for (std::size_t own = 0; own < classes; ++own) {
            if (claims[own] == 0) continue;
            sum += 2 * hits[own] / claims[own];
            ++measured;
        }
        return measured > 0 ? std::optional<double>(sum / measured) : std::nullopt;
    };
    return bootstrap95(truth.size(), cluster_of, macro_f1, settings);
}

}  // namespace reports::statistics
