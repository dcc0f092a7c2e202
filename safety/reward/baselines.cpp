#include "safety/reward/baselines.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "safety/reward/calibration.hpp"
#include "safety/reward/error.hpp"
#include "safety/reward/lbfgs.hpp"
#include "safety/reward/objective.hpp"
#include "safety/reward/split.hpp"

namespace safety::reward {
namespace {

using Buckets = std::vector<std::vector<std::uint32_t>>;

std::size_t number_of(std::span<const std::size_t> folds) {
    return folds.empty() ? 0 : *std::max_element(folds.begin(), folds.end()) + 1;
}

/// Pairs of the other folds, without those excluded by rule, sorted so that sums do not depend on the order of pairs.
std::vector<Pair> pairs_outside(std::size_t fold, std::span<const Pair> pairs, std::span<const std::size_t> folds,
                                const Buckets& buckets) {
    std::vector<Pair> others;
    for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
        if (folds[pair] != fold && pairs[pair].bin != SafetyBin::ChosenUnsafe) others.push_back(pairs[pair]);
    }
    std::sort(others.begin(), others.end(), [&](const Pair& a, const Pair& b) {
        if (a.group != b.group) return a.group < b.group;
        if (buckets[a.chosen] != buckets[b.chosen]) return buckets[a.chosen] < buckets[b.chosen];
        return buckets[a.rejected] < buckets[b.rejected];
    });
    return others;
}

/// Weights of the buckets that distinguish the two answers of some training pair; all other weights are 0.
class NgramModel {
public:
    NgramModel(const Buckets& buckets, std::span<const Pair> training, double l2) : buckets_(buckets) {
        std::vector<std::vector<std::uint32_t>> rows;
        for (const Pair& pair : training) {
            for (const auto& [with, without] : {std::pair(pair.chosen, pair.rejected), {pair.rejected, pair.chosen}}) {
                std::vector<std::uint32_t> only;
                std::set_difference(buckets[with].begin(), buckets[with].end(), buckets[without].begin(),
                                    buckets[without].end(), std::back_inserter(only));
                for (std::uint32_t& bucket : only)
                    bucket = columns_.emplace(bucket, static_cast<std::uint32_t>(columns_.size())).first->second;
                rows.push_back(std::move(only));
            }
        }
        SparseDesign design(columns_.size());
        for (const auto& row : rows) design.add(row);
        const Objective objective(design, training, {.l2 = l2});
        // Few digits are enough for the sign of a difference.
        weights_ = minimise(objective, std::vector<double>(objective.size()),
                            {.max_iterations = 100, .gradient_tolerance = 1e-5, .history = 5})
                       .x;
    }

    double difference(const Pair& pair) const { return score(pair.chosen) - score(pair.rejected); }

private:
    double score(std::uint32_t row) const {
        double sum = 0;
        for (const std::uint32_t bucket : buckets_[row]) {
            const auto column = columns_.find(bucket);
            if (column != columns_.end()) sum += weights_[column->second];
        }
        return sum;
    }

    const Buckets& buckets_;
    std::unordered_map<std::uint32_t, std::uint32_t> columns_;
    std::vector<double> weights_;
};

double chosen_l2(const Buckets& buckets, std::span<const Pair> pairs, const NgramSettings& settings,
                 std::uint64_t seed) {
    const Split split = split_by_group(pairs, {.validation = settings.validation}, seed);
    double best = std::numeric_limits<double>::infinity();
    double chosen = settings.l2.at(0);
    for (const double l2 : settings.l2) {
        const NgramModel model(buckets, split.training, l2);
        std::vector<double> differences;
        for (const Pair& pair : split.validation) differences.push_back(model.difference(pair));
        const double loss = preference_log_loss(differences);
        if (loss < best) {
            best = loss;
            chosen = l2;
        }
    }
    return chosen;
}

}  // namespace

ValueBaseline value_baseline(std::span<const double> values, std::span<const Pair> pairs,
                             std::span<const std::size_t> folds) {
    ValueBaseline baseline;
    baseline.differences.resize(pairs.size());
    for (std::size_t fold = 0; fold < number_of(folds); ++fold) {
        std::size_t higher = 0;
        std::size_t lower = 0;
        for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
            if (folds[pair] == fold || pairs[pair].bin == SafetyBin::ChosenUnsafe) continue;
            higher += values[pairs[pair].chosen] > values[pairs[pair].rejected] ? 1 : 0;
            lower += values[pairs[pair].chosen] < values[pairs[pair].rejected] ? 1 : 0;
        }
        baseline.directions.push_back(higher > lower ? Direction::Higher : Direction::Lower);
    }
    for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
        const double difference = values[pairs[pair].chosen] - values[pairs[pair].rejected];
        baseline.differences[pair] = baseline.directions[folds[pair]] == Direction::Higher ? difference : -difference;
    }
    return baseline;
}

std::vector<double> ngram_baseline(const std::vector<std::vector<std::uint32_t>>& buckets, std::span<const Pair> pairs,
                                   std::span<const std::size_t> folds, const NgramSettings& settings) {
    if (settings.l2.empty()) throw RewardError("n-gram baseline: no L2 penalty to try");
    std::vector<double> differences(pairs.size());
    for (std::size_t fold = 0; fold < number_of(folds); ++fold) {
        const std::vector<Pair> others = pairs_outside(fold, pairs, folds, buckets);
        const double l2 = chosen_l2(buckets, others, settings, counter_hash(settings.seed, fold + 1));
        const NgramModel model(buckets, others, l2);
        for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
            if (folds[pair] == fold) differences[pair] = model.difference(pairs[pair]);
        }
    }
    return differences;
}

}  // namespace safety::reward
