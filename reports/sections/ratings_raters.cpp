// What the ratings of a study say about its raters.

#include <algorithm>
#include <cmath>

#include "reports/sections/ratings_analysis.hpp"

namespace reports::sections {
namespace {

using statistics::proportion;

struct Count {
    std::size_t hits = 0;
    std::size_t total = 0;

    void add(bool hit) {
        hits += hit ? 1 : 0;
        ++total;
    }
};

bool is_right(const data::StudyItem& item, const data::StudyRating& rating) {
    return item.right->low <= rating.value && rating.value <= item.right->high;
}

/// Whether the answer on the left was preferred; nullopt for a tie.
std::optional<bool> prefers_left(const data::Study& study, const data::StudyRating& rating) {
    const data::ValueRange& values = scale_of(study.protocol).values;
    const std::int64_t doubled = 2 * rating.value;
    if (doubled == values.low + values.high) return std::nullopt;
    return (doubled < values.low + values.high) == rating.is_first_left;
}

/// The headline that changes most when a rater is left out.
void add_moved(const data::Study& study, const std::vector<Headline>& all, RaterResult& result) {
    const std::vector<Headline> left = headlines(study, {.without_rater = result.rater});
    for (const Headline& headline : left) {
        const auto with =
            std::find_if(all.begin(), all.end(), [&](const Headline& one) { return one.name == headline.name; });
        if (with == all.end()) continue;
        const double moved = headline.value - with->value;
        if (result.moved && std::abs(moved) <= std::abs(*result.moved)) continue;
        result.moved = moved;
        result.moved_headline = all.size() > 1 ? headline.name : "";
    }
}

}  // namespace

std::vector<RaterResult> rater_results(const data::Study& study, const std::optional<statistics::HumanCeiling>& ceiling,
                                       const std::optional<statistics::RaterModel>& model) {
    struct Counts {
        Count gold, attention, left;
        std::size_t ratings = 0;
    };
    const bool is_pair = scale_of(study.protocol).is_pair;
    std::vector<Counts> counts(study.raters.size());
    for (const data::StudyRating& rating : study.ratings) {
        const data::StudyItem& item = study.items[rating.item];
        Counts& of_rater = counts[rating.rater];
        if (item.right && item.kind == data::StudyItemKind::Gold) of_rater.gold.add(is_right(item, rating));
        if (item.right && item.kind == data::StudyItemKind::Attention) of_rater.attention.add(is_right(item, rating));
        if (item.kind != data::StudyItemKind::Rated) continue;
        ++of_rater.ratings;
        const std::optional<bool> is_left = is_pair ? prefers_left(study, rating) : std::nullopt;
        if (is_left) of_rater.left.add(*is_left);
    }
    const std::vector<Headline> all = headlines(study, {});
    std::vector<RaterResult> results;
    for (std::size_t rater = 0; rater < counts.size(); ++rater) {
        RaterResult result{.rater = rater,
                           .ratings = counts[rater].ratings,
                           .gold = proportion(counts[rater].gold.hits, counts[rater].gold.total),
                           .attention = proportion(counts[rater].attention.hits, counts[rater].attention.total),
                           .left = proportion(counts[rater].left.hits, counts[rater].left.total),
                           .with_others = std::nullopt,
                           .ability = std::nullopt};
        if (ceiling && rater < ceiling->raters.size()) result.with_others = ceiling->raters[rater];
        if (model && model->raters[rater].ratings > 0) result.ability = model->raters[rater];
        if (result.ratings > 0 && !study.raters[rater].is_excluded) add_moved(study, all, result);
        results.push_back(std::move(result));
    }
    return results;
}

}  // namespace reports::sections
