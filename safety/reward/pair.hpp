#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace safety::reward {

/// Feature vectors [rows, dim] of answers, row-major. Does not own the values.
struct FeatureView {
    std::span<const float> values;
    std::size_t dim = 0;

    std::size_t rows() const { return dim == 0 ? 0 : values.size() / dim; }
    std::span<const float> row(std::size_t index) const { return values.subspan(index * dim, dim); }
};

/// How much better the rater found the chosen answer (Llama 2 paper, section 3.2.1; the last level is "negligibly
/// better or unsure"). Unknown: the data does not say.
enum class Strength { Significantly, Better, Slightly, Negligible, Unknown };
inline constexpr std::size_t kStrengths = 5;

/// The safety of both answers of a pair (section 3.2.1). ChosenSafe: the rejected answer is unsafe. ChosenUnsafe: the
/// rejected answer is safe; the paper excludes such pairs, and so does training. Unknown: the data does not say.
enum class SafetyBin { ChosenSafe, BothSafe, BothUnsafe, ChosenUnsafe, Unknown };
inline constexpr std::size_t kSafetyBins = 5;

enum class Safety { Safe, Unsafe };

/// A rater's preference between two answers to one prompt.
struct Pair {
    std::uint32_t chosen = 0;  ///< feature row
    std::uint32_t rejected = 0;
    Strength strength = Strength::Unknown;
    SafetyBin bin = SafetyBin::Unknown;
    std::uint64_t group = 0;  ///< the prompt; all pairs of a group are on the same side of a split
};

/// The label of the chosen (rejected) answer, as far as the bin tells it.
std::optional<Safety> chosen_safety(SafetyBin bin);
std::optional<Safety> rejected_safety(SafetyBin bin);

/// The pairs without those that are excluded by rule (SafetyBin::ChosenUnsafe), in the same order.
std::vector<Pair> usable_pairs(std::span<const Pair> pairs);

/// The pairs in an order that depends on their content only: by group, strength, bin, then by the bits of their feature
/// vectors. Sums over this order have the same bits however rows and pairs were ordered before.
std::vector<Pair> canonical_order(const FeatureView& features, std::span<const Pair> pairs);

/// Throws RewardError if the values do not fill whole rows or are not finite, or if a pair names a row that does not
/// exist, one row twice, or a row that another group uses.
void check_pairs(const FeatureView& features, std::span<const Pair> pairs);

}  // namespace safety::reward
