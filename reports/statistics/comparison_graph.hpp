#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace reports::statistics {

/// From a to b.
using Edge = std::pair<std::size_t, std::size_t>;

/// Groups of variants that are connected by comparisons, whatever their outcome, largest first. Strengths of variants
/// in different groups cannot be compared.
std::vector<std::vector<std::size_t>> connected_groups(std::size_t variants, const std::vector<Edge>& compared);

/// Whether every variant can be reached from every other along the edges from loser to winner (both ways for a tie).
/// Otherwise some variants never lost to the others, and without a penalty their strength would be infinite (Ford 1957,
/// American Mathematical Monthly 64:28).
bool is_strongly_connected(std::size_t variants, const std::vector<Edge>& beaten_by);

}  // namespace reports::statistics
