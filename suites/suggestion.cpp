#include "suites/suggestion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace suites {
namespace {

/// Levenshtein's distance.
std::size_t distance(const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U);
            diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
        }
    }
    return row[b.size()];
}

}  // namespace

std::string suggestion(const std::string& wrong, const std::set<std::string>& known) {
    // A name of any length would make the search for the nearest quadratic.
    constexpr std::size_t kMaxCompared = 100;
    if (known.empty()) return "; none is known";
    if (wrong.size() <= kMaxCompared) {
        const auto nearest = std::min_element(known.begin(), known.end(), [&wrong](const auto& a, const auto& b) {
            return distance(wrong, a) < distance(wrong, b);
        });
        if (distance(wrong, *nearest) <= std::max<std::size_t>(2, wrong.size() / 3))
            return fmt::format("; did you mean \"{}\"?", *nearest);
    }
    if (known.size() > 60) return "";
    return fmt::format("; known: {}", fmt::join(known, ", "));
}

}  // namespace suites
