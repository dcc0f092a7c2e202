#pragma once

#include "safety/reward/pair.hpp"

namespace safety::reward {

/// Margins of the ranking loss (Llama 2 paper, appendix A.3.3, table 27): small 1, 2/3, 1/3, 0 and large 3, 2, 1, 0 for
/// significantly, better, slightly and negligibly better. 0 where the strength is unknown.
enum class Margins { None, Small, Large };
double margin_of(Margins margins, Strength strength);

/// 1 / (1 + e^-x). Does not overflow.
double sigmoid(double x);
/// log(1 + e^x), accurate for large |x|.
double softplus(double x);

/// A loss and its derivative with respect to its argument.
struct Loss {
    double value = 0;
    double slope = 0;
};

/// Ranking loss -log sigmoid(difference - margin), where difference = score of chosen - score of rejected (section
/// 3.2.2, equation 2).
Loss ranking_loss(double difference, double margin);

/// Auxiliary loss of one answer: cross-entropy of sigmoid(score) with label 1 for safe and 0 for unsafe. The paper
/// gives no formula for its auxiliary term; this one is ours.
Loss safety_loss(double score, Safety label);

}  // namespace safety::reward
