#include "harness/cli/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace harness::cli {
namespace {

std::string folded(const std::string& word) {
    std::string text;
    for (const char c : word) {
        if (c == '-' || c == '_') continue;
        text += static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    return text;
}

/// Damerau's distance: insertions, deletions, replacements and swaps of neighbours.
std::size_t distance(const std::string& a, const std::string& b) {
    std::vector<std::vector<std::size_t>> rows(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) rows[i][0] = i;
    for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t j = 1; j <= b.size(); ++j) {
            rows[i][j] = std::min(
                {rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                rows[i][j] = std::min(rows[i][j], rows[i - 2][j - 2] + 1);
        }
    }
    return rows[a.size()][b.size()];
}

}  // namespace

std::optional<std::string> nearest(const std::string& word, const std::vector<std::string>& known) {
    // A word of any length would make the search for the nearest quadratic.
    constexpr std::size_t kMaxLength = 100;
    if (word.size() > kMaxLength) return std::nullopt;
    const std::string wanted = folded(word);
    const std::string* best = nullptr;
    std::size_t best_distance = std::max<std::size_t>(1, wanted.size() / 3) + 1;
    for (const std::string& candidate : known) {
        const std::size_t apart = distance(wanted, folded(candidate));
        if (apart < best_distance && apart < folded(candidate).size()) {
            best = &candidate;
            best_distance = apart;
        }
    }
    return best == nullptr ? std::nullopt : std::optional(*best);
}

std::string nearest_or_all(const std::string& word, const std::vector<std::string>& known) {
    if (const auto found = nearest(word, known)) return fmt::format("; did you mean '{}'?", *found);
    return known.empty() ? "" : fmt::format("; known: {}", fmt::join(known, ", "));
}

}  // namespace harness::cli
