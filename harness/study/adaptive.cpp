#include "harness/study/adaptive.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "harness/store/study_ratings.hpp"
#include "reports/statistics/confidence_sequence.hpp"

namespace harness::study {
namespace {

using Variants = std::pair<std::string, std::string>;

Variants variants_of(const store::StudyItemRow& item) {
    return {item.answers.at(0).run, item.answers.at(1).run};
}

/// A complete item, or a prompt whose items are all complete: when its last rating came, and its mean score.
struct Complete {
    store::UnixMs at = 0;
    std::size_t item = 0;
    double score = 0;

    friend bool operator<(const Complete& a, const Complete& b) {
        return std::pair(a.at, a.item) < std::pair(b.at, b.item);
    }
};

/// What is known of a pair of variants. Answers to one prompt hang together, so that prompts are what is counted.
struct Pair {
    struct Prompt {
        std::size_t items = 0;
        std::vector<Complete> complete = {};
    };
    std::string first;  ///< display name
    std::string second;
    std::map<std::string, Prompt> prompts = {};  ///< by hash
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

std::map<Variants, Pair> pairs_of(const StudyState& state, std::size_t k) {
    std::map<Variants, Pair> pairs;
    for (const std::size_t item : state.items_of(ItemKind::Rated)) {
        const store::StudyItemRow& row = state.item_rows()[item];
        Pair& pair = pairs[variants_of(row)];
        pair.first = row.answers[0].variant;
        pair.second = row.answers[1].variant;
        Pair::Prompt& prompt = pair.prompts[row.prompt_hash];
        ++prompt.items;
        if (const auto one = complete(state, item, k)) prompt.complete.push_back(*one);
    }
    return pairs;
}

/// Scores of the prompts whose items are all complete, in the order in which they became so.
std::vector<double> scores_of(const Pair& pair) {
    std::vector<Complete> prompts;
    for (const auto& [hash, prompt] : pair.prompts) {
        if (prompt.complete.size() < prompt.items) continue;
        Complete whole = *std::max_element(prompt.complete.begin(), prompt.complete.end());
        whole.score = 0;
        for (const Complete& one : prompt.complete) whole.score += one.score / static_cast<double>(prompt.items);
        prompts.push_back(whole);
    }
    std::sort(prompts.begin(), prompts.end());
    std::vector<double> scores;
    scores.reserve(prompts.size());
    for (const Complete& one : prompts) scores.push_back(one.score);
    return scores;
}

std::size_t complete_items(const Pair& pair) {
    return std::accumulate(pair.prompts.begin(), pair.prompts.end(), std::size_t{0},
                           [](std::size_t sum, const auto& prompt) { return sum + prompt.second.complete.size(); });
}

}  // namespace

std::vector<PairStatus> pair_progress(const StudyState& state, const store::StudyRow& study) {
    if (study.protocol != "pairwise") return {};
    const std::map<Variants, Pair> pairs = pairs_of(state, study.raters);
    const double level = reports::statistics::kLevel / static_cast<double>(pairs.size());
    std::vector<PairStatus> result;
    for (const auto& [variants, pair] : pairs) {
        const auto mean = reports::statistics::sequential_mean(scores_of(pair),
                                                               {.observations = pair.prompts.size(), .level = level});
        result.push_back({.first_run = variants.first,
                          .second_run = variants.second,
                          .first = pair.first,
                          .second = pair.second,
                          .items = complete_items(pair),
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
