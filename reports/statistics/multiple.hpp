#pragma once

#include <vector>

namespace reports::statistics {

/// p values adjusted for testing several hypotheses at once, in the order given: a hypothesis is rejected at a level if
/// its adjusted p is not above it.

/// Holm (1979, Scandinavian Journal of Statistics 6:65): the chance of any false rejection stays below the level,
/// whatever the dependence. For gates. The k-th smallest of m: the largest of (m - j + 1) p_(j) over j <= k, at most 1.
std::vector<double> holm(const std::vector<double>& p);

/// Benjamini and Hochberg (1995, JRSS B 57:289): the expected share of false ones among the rejected stays below the
/// level, for independent or positively dependent tests. For exploring. The k-th smallest: the smallest of m p_(j) / j
/// over j >= k, at most 1.
std::vector<double> benjamini_hochberg(const std::vector<double>& p);

}  // namespace reports::statistics
