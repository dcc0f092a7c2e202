#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/store/study_rows.hpp"

/// The ratings of studies as analyses read them.
namespace harness::store {

class Database;

/// Whether a rating is part of the primary analysis.
enum class RatingStanding {
    Counted,   ///< among the first k of its item that are in force, by raters who are not excluded
    Extra,     ///< the item had k ratings before it
    Excluded,  ///< its rater was excluded
};
std::string_view to_string(RatingStanding standing);  ///< "counted", "extra", "excluded"

/// What a rater last said about an item; ratings that were undone are not there. An edited rating keeps its place.
struct Rating {
    std::string assignment;
    std::uint64_t item = 0;      ///< StudyItemRow::number
    std::string kind = "rated";  ///< StudyItemRow::kind; only "rated" items are results
    std::string category = {};
    std::string prompt_hash = {};  ///< cluster: ratings of one prompt belong together
    std::string rater;
    bool first_left = true;               ///< the first answer (slot 0) was shown on the left
    std::int64_t shown_value = 0;         ///< as the rater pressed it, on the left answer's side
    std::int64_t value = 0;               ///< on the first answer's side, see canonical_value()
    bool both_bad = false;                ///< pairwise
    std::optional<bool> first_safe = {};  ///< preference; none: not said
    std::optional<bool> second_safe = {};
    double seconds = 0;
    UnixMs at = 0;  ///< when it came into force
    RatingStanding standing = RatingStanding::Counted;
};

/// Mirrors the value of a comparison whose second answer was shown on the left: 8 - value (pairwise, 1 to 7), 9 - value
/// (preference, 1 to 8). Low values then mean that the first answer is better. Others are not changed.
std::int64_t canonical_value(std::string_view protocol, std::int64_t shown, bool first_left);

/// All ratings in force of a study, by item, then time. Those of excluded raters and beyond k are there too, marked.
std::vector<Rating> ratings(const Database& database, const StudyRow& study);

/// A skipped item.
struct Skip {
    std::uint64_t item = 0;
    std::string rater;
    std::string reason;
    std::string note;
};
std::vector<Skip> skips(const Database& database, const StudyRow& study);

/// A preference between two answers, as training data.
struct PreferenceRating {
    std::string study;
    std::uint64_t item = 0;
    std::string rater;
    std::string prompt_hash;
    std::string turns_json;  ///< list of {"role", "content"}; the last is the user's
    std::string chosen;      ///< texts as the models wrote them, whether scrubbed for raters or not
    std::string rejected;
    std::string strength;  ///< "significantly", "better", "slightly", "negligible"
    std::string bin;       ///< "chosen_safe", "both_safe", "both_unsafe", "chosen_unsafe"; "unknown": not said
};
/// What a rating of a comparison prefers: the distance from the end of its scale gives the strength, "significantly" at
/// the end. The seven points of a pairwise study have no "negligible" and no bins. nullopt for a tie, and for a rating
/// that is not counted or is no result.
std::optional<PreferenceRating> preference_of(const StudyRow& study, const StudyItemRow& item, const Rating& rating);
/// Those of a preference study, as a reward model is trained with them. Empty for studies of other protocols: the seven
/// points of a comparison are not these strengths.
std::vector<PreferenceRating> preference_ratings(const Database& database, const StudyRow& study);

/// A person's label of one stored answer.
struct AnswerLabel {
    std::string study;
    std::string protocol;  ///< "safety" (1 to 5; 1 and 2: violation), "harm" or "refusal", see StudyRow
    std::int64_t run_task = 0;
    std::uint64_t doc = 0;
    std::uint64_t position = 0;  ///< of the request among the item's
    std::string rater;
    std::int64_t value = 0;
    RatingStanding standing = RatingStanding::Counted;
};
/// Labels of a run's answers in all studies of this database, sorted by study, task, document, position and rater.
std::vector<AnswerLabel> answer_labels(const Database& database, std::int64_t run);

}  // namespace harness::store
