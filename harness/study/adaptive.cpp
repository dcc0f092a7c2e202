#include "harness/study/adaptive.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "harness/store/study_ratings.hpp"
#include "reports/statistics/confidence_sequence.hpp"

namespace harness::study {
namespace {

using Variants = std::pair<std::string, std::string>;

Variants variants_of(const store::StudyItemRow& item) {
    return {item.answers.at(0).run, item.answers.at(1).run};
}

/// A complete item: when its last rating came, and its mean score.
struct Complete {
    store::UnixMs at = 0;
    std::size_t item = 0;
    double score = 0;

    friend bool operator<(const Complete& a, const Complete& b) {
        return std::pair(a.at, a.item) < std::pair(b.at, b.item);
    }
};

double score_of(const AssignmentState& one) {
    const std::int64_t value = store::canonical_value("pairwise", one.choice.value.value_or(4), one.row.left_slot == 0);
    return value == 4 ? 0.5 : (value < 4 ? 1.0 : 0.0);
}

/// The first k ratings in force of an item; nullopt where it has fewer.
std::optional<Complete> complete(const StudyState& state, std::size_t item, std::size_t k) {
    if (state.items()[item].in_force < k) return std::nullopt;
    std::vector<const AssignmentState*> counted;
    for (const std::size_t index : state.items()[item].assignments) {
        const AssignmentState& one = state.assignment(index);
        if (one.stage == Stage::InForce && !state.raters()[one.rater].row.excluded) counted.push_back(&one);
    }
    std::sort(counted.begin(), counted.end(),
              [](const AssignmentState* a, const AssignmentState* b) { return a->in_force_since < b->in_force_since; });
    counted.resize(k);
    Complete result{.at = counted.back()->in_force_since, .item = item};
    for (const AssignmentState* one : counted) result.score += score_of(*one) / static_cast<double>(k);
    return result;
}

}  // namespace

std::vector<PairStatus> pair_progress(const StudyState& state, const store::StudyRow& study) {
    if (study.protocol != "pairwise") return {};
    std::map<Variants, std::vector<Complete>> pairs;
    std::map<Variants, std::pair<std::string, std::string>> names;
    for (const std::size_t item : state.items_of(ItemKind::Rated)) {
        const store::StudyItemRow& row = state.item_rows()[item];
        names[variants_of(row)] = {row.answers[0].variant, row.answers[1].variant};
        std::vector<Complete>& of_pair = pairs[variants_of(row)];
        if (const auto one = complete(state, item, study.raters)) of_pair.push_back(*one);
    }
    std::vector<PairStatus> result;
    for (auto& [variants, items] : pairs) {
        std::sort(items.begin(), items.end());
        std::vector<double> scores;
        for (const Complete& one : items) scores.push_back(one.score);
        const auto mean = reports::statistics::sequential_mean(scores, 0.05 / static_cast<double>(pairs.size()));
        result.push_back({.first_run = variants.first,
                          .second_run = variants.second,
                          .first = names[variants].first,
                          .second = names[variants].second,
                          .items = scores.size(),
                          .mean = mean.mean,
                          .low = mean.interval.low,
                          .high = mean.interval.high});
    }
    return result;
}

std::vector<bool> decided_items(const StudyState& state, const std::vector<PairStatus>& pairs) {
    std::vector<bool> decided(state.items().size());
    for (const std::size_t item : state.items_of(ItemKind::Rated)) {
        const Variants variants = variants_of(state.item_rows()[item]);
        decided[item] = std::any_of(pairs.begin(), pairs.end(), [&variants](const PairStatus& pair) {
            return pair.is_decided() && variants == Variants(pair.first_run, pair.second_run);
        });
    }
    return decided;
}

}  // namespace harness::study
