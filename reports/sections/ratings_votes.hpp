#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/data/ratings.hpp"
#include "reports/statistics/agreement.hpp"
#include "reports/statistics/bradley_terry.hpp"
#include "reports/statistics/win_rate.hpp"

/// The ratings of a study as statistics take them.
namespace reports::sections {

/// A scale of a protocol.
struct StudyScale {
    data::ValueRange values;
    bool is_pair = false;     ///< two answers are compared
    bool is_ordered = false;  ///< values near each other agree in part
    /// One answer: values that are counted, and what they are called.
    data::ValueRange counted = {};
    std::string_view counted_name = {};
};
const StudyScale& scale_of(data::StudyProtocol protocol);
/// "pairwise comparison, 7 points"
std::string_view protocol_text(data::StudyProtocol protocol);

/// Which ratings are used.
enum class RatingScope {
    Counted,
    WithExcluded,  ///< also those of excluded raters
};

/// Some of a study's ratings of rated items. Gold and attention items are never results.
struct RatingSelection {
    RatingScope scope = RatingScope::Counted;
    std::optional<std::size_t> without_rater = std::nullopt;
};
/// Indices of the study's ratings.
std::vector<std::size_t> selected_ratings(const data::Study& study, const RatingSelection& selection = {});

/// What the rating says of the answer with the smaller variant index.
statistics::Vote vote_of(const data::Study& study, const data::StudyRating& rating);
/// Whether a rating of one answer has one of StudyScale::counted.
bool is_counted_value(const data::Study& study, const data::StudyRating& rating);

/// Two variants, the smaller index first.
using VariantPair = std::pair<std::size_t, std::size_t>;
VariantPair pair_of(const data::StudyItem& item);

/// All values: [item][rater] over the items with a selected rating; `prompt_of` has the item's prompt.
struct RatingMatrix {
    statistics::Ratings ratings;
    std::vector<std::size_t> prompt_of;
};
/// The whole scale of the protocol, from the side of the smaller variant index.
RatingMatrix scale_matrix(const data::Study& study, const RatingSelection& selection = {});
/// Win, tie and loss, or counted and not counted values.
RatingMatrix decision_matrix(const data::Study& study, const RatingSelection& selection = {});

/// Votes on all pairs, with the difference of lengths as covariate. Pairs only.
std::vector<statistics::Comparison> comparisons(const data::Study& study, const RatingSelection& selection = {});

}  // namespace reports::sections
