#pragma once

#include <cstddef>
#include <vector>

namespace reports::statistics {

/// p value of "at least `wanted` of these tests' alternatives are true", whatever their dependence: (n - wanted + 1)
/// times the `wanted`-th smallest p, at most 1 (Benjamini and Heller 2008, Biometrics 64:1215, with Bonferroni's
/// inequality). `wanted` is from 1 to the number of p values.
double at_least_true(std::vector<double> p, std::size_t wanted);

}  // namespace reports::statistics
