#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace reports {

struct Interval {
    double low = 0;
    double high = 0;
};

/// 95 % interval of a metric: Wilson's for values that are all 0 or 1 (`values`), else value +- 1.96 standard errors.
Interval interval95(double value, double standard_error, const std::vector<std::optional<double>>& values);

/// Paired comparison of two runs over the items both scored. b - a.
struct Paired {
    std::size_t items = 0;
    double difference = 0;
    double standard_error = 0;
    Interval ci95;
    std::optional<double> mcnemar_p;  ///< exact, two-sided; only for 0/1 scores
    std::uint64_t only_a = 0;         ///< 0/1 scores: items that only a has right
    std::uint64_t only_b = 0;
    double minimum_detectable = 0;    ///< difference seen with 80 % power at 5 %
};
/// `a` and `b` are aligned: same index, same document. nullopt when no item is scored in both.
std::optional<Paired> compare_paired(const std::vector<std::optional<double>>& a,
                                     const std::vector<std::optional<double>>& b);

/// Exact two-sided McNemar test: min(1, 2 * BinomialCDF(min(b,c); b+c, 1/2)).
double mcnemar_exact(std::uint64_t only_a, std::uint64_t only_b);

}  // namespace reports
