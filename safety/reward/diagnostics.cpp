#include "safety/reward/diagnostics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace safety::reward {
namespace {

std::vector<double> ranks_of(std::span<const double> values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    std::vector<double> ranks(values.size());
    for (std::size_t first = 0, last = 0; first < order.size(); first = last) {
        while (last < order.size() && values[order[last]] == values[order[first]]) ++last;
        const double rank = (static_cast<double>(first) + static_cast<double>(last - 1)) / 2;
        for (std::size_t i = first; i < last; ++i) ranks[order[i]] = rank;
    }
    return ranks;
}

bool varies(std::span<const double> values) {
    return std::any_of(values.begin(), values.end(), [&](double value) { return value != values[0]; });
}

double mean_of(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

std::optional<double> pearson(std::span<const double> a, std::span<const double> b) {
    if (a.size() != b.size() || !varies(a) || !varies(b)) return std::nullopt;
    const double mean_a = mean_of(a);
    const double mean_b = mean_of(b);
    double aa = 0;
    double bb = 0;
    double ab = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        aa += (a[i] - mean_a) * (a[i] - mean_a);
        bb += (b[i] - mean_b) * (b[i] - mean_b);
        ab += (a[i] - mean_a) * (b[i] - mean_b);
    }
    return std::clamp(ab / (std::sqrt(aa) * std::sqrt(bb)), -1.0, 1.0);
}

std::optional<double> spearman(std::span<const double> a, std::span<const double> b) {
    return pearson(ranks_of(a), ranks_of(b));
}

Association association(std::span<const double> rewards, std::span<const double> property) {
    return {pearson(rewards, property), spearman(rewards, property)};
}

StyleAssociations style_associations(std::span<const double> rewards, const StyleProperties& properties) {
    return {association(rewards, properties.length), association(rewards, properties.refusal),
            association(rewards, properties.lists)};
}

Tally length_matched_accuracy(std::span<const double> differences, std::span<const Pair> pairs,
                              std::span<const double> lengths) {
    constexpr double kMaxRatio = 1.1;
    Tally tally;
    for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
        const auto [shorter, longer] = std::minmax(lengths[pairs[pair].chosen], lengths[pairs[pair].rejected]);
        if (longer <= kMaxRatio * shorter) tally.add(differences[pair]);
    }
    return tally;
}

Tally swapped_prompt_accuracy(std::span<const double> own_prompt, std::span<const double> other_prompt) {
    Tally tally;
    for (std::size_t answer = 0; answer < own_prompt.size(); ++answer)
        tally.add(own_prompt[answer] - other_prompt[answer]);
    return tally;
}

}  // namespace safety::reward
