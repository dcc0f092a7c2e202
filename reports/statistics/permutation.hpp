#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace reports::statistics {

struct PermutationSettings {
    std::uint64_t seed = 1;
    std::size_t resamples = 10'000;
};

struct PermutationTest {
    double p = 1;           ///< two-sided
    bool is_exact = false;  ///< all assignments of signs were counted
};

/// Test that paired differences are as likely to be d as -d (Fisher 1935, "The Design of Experiments", section 21):
/// share of the assignments of signs to clusters for which the sum is at least as far from 0 as the one seen. All are
/// counted where they are no more than `resamples`; otherwise that many are drawn, and one is added to both numbers, so
/// that p is never 0 (Phipson and Smyth 2010, Statistical Applications in Genetics and Molecular Biology 9:39). Draw r
/// depends only on the seed and r. `cluster_of` as in clusters_of: items of a cluster change sign together.
PermutationTest sign_flip_test(std::span<const double> differences, const std::vector<std::size_t>& cluster_of = {},
                               const PermutationSettings& settings = {});

}  // namespace reports::statistics
