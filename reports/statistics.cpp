#include "reports/statistics.hpp"

#include <algorithm>
#include <cmath>

namespace reports {
namespace {

constexpr double kZ95 = 1.959963984540054;   // two-sided 95 %
constexpr double kZ80 = 0.8416212335729143;  // 80 % power

bool is_binary(const std::optional<double>& value) { return !value || *value == 0.0 || *value == 1.0; }

}  // namespace

Interval interval95(double value, double standard_error, const std::vector<std::optional<double>>& values) {
    const auto n = static_cast<double>(std::count_if(values.begin(), values.end(), [](const auto& v) { return v.has_value(); }));
    if (n == 0 || !std::all_of(values.begin(), values.end(), is_binary)) return {value - kZ95 * standard_error, value + kZ95 * standard_error};
    // Wilson 1927: solves |p - value| = z sqrt(p (1 - p) / n) for p.
    const double square = kZ95 * kZ95;
    const double centre = (value + square / (2 * n)) / (1 + square / n);
    const double half = kZ95 / (1 + square / n) * std::sqrt(value * (1 - value) / n + square / (4 * n * n));
    return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

double mcnemar_exact(std::uint64_t only_a, std::uint64_t only_b) {
    const auto n = static_cast<double>(only_a + only_b);
    double tail = 0;
    for (std::uint64_t k = 0; k <= std::min(only_a, only_b); ++k) {
        const auto i = static_cast<double>(k);
        tail += std::exp(std::lgamma(n + 1) - std::lgamma(i + 1) - std::lgamma(n - i + 1) - n * std::log(2.0));
    }
    return std::min(1.0, 2 * tail);
}

std::optional<Paired> compare_paired(const std::vector<std::optional<double>>& a, const std::vector<std::optional<double>>& b) {
    Paired result;
    std::vector<double> differences;
    bool binary = true;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        if (!a[i] || !b[i]) continue;
        differences.push_back(*b[i] - *a[i]);
        binary = binary && is_binary(a[i]) && is_binary(b[i]);
        result.only_a += *a[i] > *b[i] ? 1 : 0;
        result.only_b += *b[i] > *a[i] ? 1 : 0;
    }
    if (differences.empty()) return std::nullopt;
    const auto n = static_cast<double>(differences.size());
    result.items = differences.size();
    for (const double difference : differences) result.difference += difference / n;
    double squares = 0;
    for (const double difference : differences) squares += (difference - result.difference) * (difference - result.difference);
    result.standard_error = differences.size() < 2 ? 0 : std::sqrt(squares / (n - 1) / n);
    result.ci95 = {result.difference - kZ95 * result.standard_error, result.difference + kZ95 * result.standard_error};
    result.minimum_detectable = (kZ95 + kZ80) * result.standard_error;
    if (binary) {
        result.mcnemar_p = mcnemar_exact(result.only_a, result.only_b);
    } else {
        result.only_a = result.only_b = 0;
    }
    return result;
}

}  // namespace reports
