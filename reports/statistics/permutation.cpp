#include "reports/statistics/permutation.hpp"

#include <algorithm>
#include <cmath>

#include "reports/statistics/clusters.hpp"
#include "reports/statistics/counter_random.hpp"

namespace reports::statistics {
namespace {

/// Sum of the values, each with the sign of its bit in the words that `word(i)` gives.
template <class Word>
double signed_sum(const std::vector<double>& values, const Word& word) {
    constexpr std::size_t kBits = 64;
    double sum = 0;
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        bits = i % kBits == 0 ? word(i / kBits) : bits >> 1U;
        sum += (bits & 1U) == 0 ? values[i] : -values[i];
    }
    return sum;
}

}  // namespace

PermutationTest sign_flip_test(std::span<const double> differences, const std::vector<std::size_t>& cluster_of,
                               const PermutationSettings& settings) {
    std::vector<double> values;
    double scale = 0;
    for (const std::vector<std::size_t>& members : clusters_of(differences.size(), cluster_of)) {
        double sum = 0;
        for (const std::size_t item : members) sum += differences[item];
        if (sum == 0) continue;  // its sign changes nothing
        values.push_back(sum);
        scale += std::abs(sum);
    }
    // The same sum in another order must not count as smaller because of rounding.
    const double seen = std::abs(signed_sum(values, [](std::size_t) { return std::uint64_t{0}; })) - 1e-12 * scale;
    constexpr std::size_t kMaxExact = 40;  // bits of a mask that is surely beyond any number of resamples
    const std::uint64_t all = std::uint64_t{1} << std::min(values.size(), kMaxExact);
    const bool exact = values.size() < kMaxExact && all <= settings.resamples;
    const std::uint64_t draws = exact ? all : settings.resamples;
    std::uint64_t as_far = 0;
    for (std::uint64_t draw = 0; draw < draws; ++draw) {
        const double sum =
            signed_sum(values, [&](std::size_t word) { return exact ? draw : random_bits(settings.seed, draw, word); });
        as_far += std::abs(sum) >= seen ? 1 : 0;
    }
    const std::uint64_t added = exact ? 0 : 1;
    return {.p = static_cast<double>(as_far + added) / static_cast<double>(draws + added), .is_exact = exact};
}

}  // namespace reports::statistics
