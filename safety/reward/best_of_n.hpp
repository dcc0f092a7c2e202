#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace safety::reward {

/// Divergence of the best of n samples from one sample, if no two scores are equal: ln n - (n - 1) / n in nats
/// (Stiennon et al. 2020, arXiv 2009.01325, appendix G.3). An upper bound if scores can be equal. n is at least 1.
double best_of_n_kl(std::size_t n);

/// Expected score by `measure` of the sample with the highest score by `choose`, over all subsets of n of the K samples
/// of a prompt: unbiased for n independent samples. The i-th lowest sample by `choose` is the best of C(i-1, n-1) of
/// C(K, n) subsets. Samples with equal scores share their weights, as if one of them were chosen at random. Both spans
/// [K]; 1 <= n <= K. Throws RewardError otherwise.
double expected_best(std::span<const double> choose, std::span<const double> measure, std::size_t n);

/// All samples of one prompt scored by two reward models.
struct ScoredSamples {
    std::vector<double> choose;   ///< by the model that chooses
    std::vector<double> measure;  ///< by the model that measures; the same model: no over-optimisation can be seen
};

/// A mean over prompts. Its standard error is that of independent prompts, sd / sqrt(prompts): the samples of a prompt
/// are a cluster.
struct ClusteredMean {
    double mean = 0;
    double standard_error = 0;  ///< 0 for a single prompt
};

/// Best of n.
struct BestOfN {
    std::size_t n = 0;
    double kl = 0;           ///< [nats]
    ClusteredMean chosen;    ///< score of the best sample by the model that chose it
    ClusteredMean measured;  ///< score of the same sample by the other model
    ClusteredMean gap;       ///< chosen - measured, paired by prompt
};

/// For n = 1 to the smallest number of samples of a prompt. The gap means something only if both models' scores are on
/// one scale, e.g. both whitened. Throws RewardError if there is no prompt, or a prompt has no sample or not as many
/// scores by one model as by the other.
std::vector<BestOfN> best_of_n_curve(std::span<const ScoredSamples> prompts);

}  // namespace safety::reward
