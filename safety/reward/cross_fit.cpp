#include "safety/reward/cross_fit.hpp"

#include "safety/reward/split.hpp"

namespace safety::reward {

CrossFit cross_fit(const FeatureView& features, std::span<const Pair> pairs, const CrossFitSettings& settings) {
    check_pairs(features, pairs);
    CrossFit result;
    result.folds = folds_by_group(pairs, settings.folds, settings.seed);
    result.scores.resize(features.rows());
    result.differences.resize(pairs.size());
    for (std::size_t fold = 0; fold < settings.folds; ++fold) {
        std::vector<Pair> others;
        for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
            if (result.folds[pair] != fold) others.push_back(pairs[pair]);
        }
        // Another seed than that of the folds, else validation would always be the same folds' groups.
        const Split split =
            split_by_group(others, {.validation = settings.validation}, counter_hash(settings.seed, fold + 1));
        Head head = train(features, split.training, split.validation, settings.grid);
        for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
            if (result.folds[pair] != fold) continue;
            const double chosen = head.score(features.row(pairs[pair].chosen));
            const double rejected = head.score(features.row(pairs[pair].rejected));
            result.scores[pairs[pair].chosen] = chosen;
            result.scores[pairs[pair].rejected] = rejected;
            result.differences[pair] = chosen - rejected;
        }
        result.heads.push_back(std::move(head));
    }
    return result;
}

}  // namespace safety::reward
