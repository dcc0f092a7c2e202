#include "suites/suggestion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace suites {
namespace {

/// The name without differences that people ignore: case, hyphens and underscores.
std::string folded(const std::string& name) {
    std::string text;
    for (const char c : name) {
        if (c == '-' || c == '_') continue;
        text += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    return text;
}

/// Damerau-Levenshtein distance: insertions, deletions, replacements, and swaps of neighbours.
std::size_t distance(const std::string& a, const std::string& b) {
    std::vector<std::vector<std::size_t>> rows(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) rows[i][0] = i;
    for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
            rows[i][j] = std::min({rows[i - 1][j] + 1, rows[i][j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                rows[i][j] = std::min(rows[i][j], rows[i - 2][j - 2] + 1);
        }
    }
    return rows[a.size()][b.size()];
}

std::size_t common_start(const std::string& a, const std::string& b) {
    std::size_t length = 0;
    while (length < std::min(a.size(), b.size()) && a[length] == b[length]) ++length;
    return length;
}

/// Whether two names have a long common start, such as "decoding" and "decode", whose distance is larger than that of a
/// typing error.
bool begin_alike(const std::string& a, const std::string& b) {
    constexpr std::size_t kMinStart = 4;
    const std::size_t start = common_start(a, b);
    return start >= kMinStart && 2 * start >= std::max(a.size(), b.size());
}

}  // namespace

std::optional<std::string> nearest(const std::string& wrong, const std::set<std::string>& known) {
    // The time is quadratic in the length of a name.
    constexpr std::size_t kMaxCompared = 100;
    if (wrong.size() > kMaxCompared) return std::nullopt;
    const std::string wanted = folded(wrong);
    std::optional<std::string> best;
    const std::size_t far = std::max<std::size_t>(2, wanted.size() / 3) + 1;
    std::size_t best_apart = kMaxCompared;
    for (const std::string& name : known) {
        const std::string candidate = folded(name);
        const std::size_t apart = distance(wanted, candidate);
        // Short words with no letter in common are not similar.
        const bool near = apart < far && apart < std::max(wanted.size(), candidate.size());
        if (apart >= best_apart || !(near || begin_alike(wanted, candidate))) continue;
        best = name;
        best_apart = apart;
    }
    return best;
}

std::string did_you_mean(const std::string& wrong, const std::set<std::string>& known) {
    const auto near = nearest(wrong, known);
    return near ? fmt::format("; did you mean \"{}\"?", *near) : "";
}

std::string suggestion(const std::string& wrong, const std::set<std::string>& known) {
    if (known.empty()) return "; none is known";
    if (std::string near = did_you_mean(wrong, known); !near.empty()) return near;
    if (known.size() > 60) return "";
    return fmt::format("; known: {}", fmt::join(known, ", "));
}

}  // namespace suites
