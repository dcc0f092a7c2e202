#include "reports/sections/ratings_votes.hpp"

#include <algorithm>
#include <map>

namespace reports::sections {
namespace {

/// The value as it would be if the answer with the smaller variant index were the first.
std::int64_t ordered_value(const data::Study& study, const data::StudyRating& rating) {
    const StudyScale& scale = scale_of(study.protocol);
    const data::StudyItem& item = study.items[rating.item];
    const bool is_turned = scale.is_pair && item.second && *item.second < item.first;
    return is_turned ? scale.values.low + scale.values.high - rating.value : rating.value;
}

template <class Category>
RatingMatrix matrix_of(const data::Study& study, const RatingSelection& selection, const Category& category) {
    RatingMatrix matrix;
    std::map<std::size_t, std::size_t> row_of;
    for (const std::size_t index : selected_ratings(study, selection)) {
        const data::StudyRating& rating = study.ratings[index];
        const auto [entry, added] = row_of.try_emplace(rating.item, matrix.prompt_of.size());
        if (added) {
            matrix.ratings.items.emplace_back(study.raters.size());
            matrix.prompt_of.push_back(study.items[rating.item].prompt);
        }
        matrix.ratings.items[entry->second][rating.rater] = category(rating);
    }
    return matrix;
}

}  // namespace

const StudyScale& scale_of(data::StudyProtocol protocol) {
    static const StudyScale pairwise{.values = {1, 7}, .is_pair = true, .is_ordered = true};
    static const StudyScale preference{.values = {1, 8}, .is_pair = true, .is_ordered = true};
    static const StudyScale safety{
        .values = {1, 5}, .is_ordered = true, .counted = {1, 2}, .counted_name = "violation"};
    static const StudyScale harm{.values = {0, 2}, .is_ordered = true, .counted = {2, 2}, .counted_name = "violation"};
    // "No answer" is beyond a full refusal only in number.
    static const StudyScale refusal{.values = {0, 3}, .counted = {1, 2}, .counted_name = "refusal"};
    switch (protocol) {
        case data::StudyProtocol::Pairwise: return pairwise;
        case data::StudyProtocol::Preference: return preference;
        case data::StudyProtocol::Safety: return safety;
        case data::StudyProtocol::Harm: return harm;
        case data::StudyProtocol::Refusal: break;
    }
    return refusal;
}

std::string_view protocol_text(data::StudyProtocol protocol) {
    switch (protocol) {
        case data::StudyProtocol::Pairwise: return "pairs of answers, 7 points";
        case data::StudyProtocol::Preference: return "pairs of answers, 8 points without a tie";
        case data::StudyProtocol::Safety: return "safety of single answers, 5 points";
        case data::StudyProtocol::Harm: return "harm of single answers, 3 points";
        case data::StudyProtocol::Refusal: break;
    }
    return "refusal in single answers, 4 kinds";
}

std::vector<std::size_t> selected_ratings(const data::Study& study, const RatingSelection& selection) {
    std::vector<std::size_t> selected;
    for (std::size_t i = 0; i < study.ratings.size(); ++i) {
        const data::StudyRating& rating = study.ratings[i];
        const bool is_result = study.items[rating.item].kind == data::StudyItemKind::Rated;
        const bool is_wanted =
            rating.standing == data::RatingStanding::Counted ||
            (rating.standing == data::RatingStanding::Excluded && selection.scope == RatingScope::WithExcluded);
        if (is_result && is_wanted && rating.rater != selection.without_rater) selected.push_back(i);
    }
    return selected;
}

statistics::Vote vote_of(const data::Study& study, const data::StudyRating& rating) {
    const data::ValueRange& values = scale_of(study.protocol).values;
    // Twice the value, so that the middle of an even number of points is a number too.
    const std::int64_t doubled = 2 * ordered_value(study, rating);
    if (doubled < values.low + values.high) return statistics::Vote::Win;
    return doubled == values.low + values.high ? statistics::Vote::Tie : statistics::Vote::Loss;
}

bool is_counted_value(const data::Study& study, const data::StudyRating& rating) {
    const data::ValueRange& counted = scale_of(study.protocol).counted;
    return counted.low <= rating.value && rating.value <= counted.high;
}

VariantPair pair_of(const data::StudyItem& item) {
    const std::size_t second = item.second.value_or(item.first);
    return {std::min(item.first, second), std::max(item.first, second)};
}

RatingMatrix scale_matrix(const data::Study& study, const RatingSelection& selection) {
    const data::ValueRange& values = scale_of(study.protocol).values;
    RatingMatrix matrix = matrix_of(study, selection, [&](const data::StudyRating& rating) {
        return static_cast<std::size_t>(std::clamp(ordered_value(study, rating), values.low, values.high) - values.low);
    });
    for (std::int64_t value = values.low; value <= values.high; ++value)
        matrix.ratings.scores.push_back(static_cast<double>(value));
    return matrix;
}

RatingMatrix decision_matrix(const data::Study& study, const RatingSelection& selection) {
    const StudyScale& scale = scale_of(study.protocol);
    // A scale with an even number of points has no tie, and a category that nobody can use would change the chance.
    const bool has_tie = scale.is_pair && (scale.values.low + scale.values.high) % 2 == 0;
    RatingMatrix matrix = matrix_of(study, selection, [&](const data::StudyRating& rating) -> std::size_t {
        if (!scale.is_pair) return is_counted_value(study, rating) ? 1 : 0;
        const statistics::Vote vote = vote_of(study, rating);
        if (vote == statistics::Vote::Loss) return has_tie ? 2 : 1;
        return vote == statistics::Vote::Tie ? 1 : 0;
    });
    matrix.ratings.scores = {0, 1};
    if (has_tie) matrix.ratings.scores.push_back(2);
    return matrix;
}

std::vector<statistics::Comparison> comparisons(const data::Study& study, const RatingSelection& selection) {
    std::vector<statistics::Comparison> votes;
    std::vector<std::pair<double, double>> lengths;
    for (const std::size_t index : selected_ratings(study, selection)) {
        const data::StudyRating& rating = study.ratings[index];
        const data::StudyItem& item = study.items[rating.item];
        const auto [first, second] = pair_of(item);
        if (first == second) continue;
        lengths.emplace_back(item.first_length, item.second_length);
        if (first != item.first) std::swap(lengths.back().first, lengths.back().second);
        votes.push_back(
            {.first = first, .second = second, .vote = vote_of(study, rating), .prompt = item.prompt, .covariate = 0});
    }
    const std::vector<double> covariates = statistics::length_covariates(lengths);
    for (std::size_t i = 0; i < votes.size(); ++i) votes[i].covariate = covariates[i];
    return votes;
}

}  // namespace reports::sections
