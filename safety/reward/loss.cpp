#include "safety/reward/loss.hpp"

#include <cmath>

namespace safety::reward {

double margin_of(Margins margins, Strength strength) {
    double steps = 0;  // of a third of the largest margin
    switch (strength) {
        case Strength::Significantly: steps = 3; break;
        case Strength::Better: steps = 2; break;
        case Strength::Slightly: steps = 1; break;
        case Strength::Negligible:
        case Strength::Unknown: break;
    }
    switch (margins) {
        case Margins::None: return 0;
        case Margins::Small: return steps / 3;
        case Margins::Large: break;
    }
    return steps;
}

double sigmoid(double x) {
    const double small = std::exp(-std::abs(x));
    return (x >= 0 ? 1 : small) / (1 + small);
}

double softplus(double x) {
    return (x > 0 ? x : 0) + std::log1p(std::exp(-std::abs(x)));
}

Loss ranking_loss(double difference, double margin) {
    const double shortfall = margin - difference;
    return {softplus(shortfall), -sigmoid(shortfall)};
}

Loss safety_loss(double score, Safety label) {
    if (label == Safety::Safe) return {softplus(-score), -sigmoid(-score)};
    return {softplus(score), sigmoid(score)};
}

}  // namespace safety::reward
