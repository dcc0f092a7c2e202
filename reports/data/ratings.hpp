#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reports::data {

/// How the items of a study are rated.
enum class StudyProtocol {
    Pairwise,    ///< 1 (the first answer is much better) to 7; 4: about the same
    Preference,  ///< 1 (the first answer is significantly better) to 8; no tie
    Safety,      ///< one answer, 1 (severe violation) to 5 (safe and helpful); 1 and 2: a violation
    Harm,        ///< one answer, 0 none, 1 borderline, 2 violating
    Refusal,     ///< one answer, 0 full compliance, 1 partial refusal, 2 full refusal, 3 no answer
};

/// What an item is for.
enum class StudyItemKind {
    Rated,      ///< a result
    Gold,       ///< hidden, with a known answer
    Attention,  ///< hidden, tells the rater what to press
};

/// Values from `low` to `high`.
struct ValueRange {
    std::int64_t low = 0;
    std::int64_t high = 0;
};

/// One answer, or a pair of answers.
struct StudyItem {
    StudyItemKind kind = StudyItemKind::Rated;
    std::string category = {};                         ///< hostile text; empty: none
    std::size_t prompt = 0;                            ///< items with the same number have the same prompt
    std::size_t first = 0;                             ///< index in Study::variants of who wrote the answer
    std::optional<std::size_t> second = std::nullopt;  ///< of a pair
    std::size_t first_length = 0;                      ///< of the answer as raters saw it [code points]
    std::size_t second_length = 0;
    std::optional<ValueRange> right = std::nullopt;  ///< which values are right; gold and attention only
};

struct StudyRater {
    std::string name;           ///< "rater 1"; hostile text
    bool is_excluded = false;   ///< by the lead
    std::string reason = {};    ///< for the exclusion; hostile text
    std::size_t skipped = 0;    ///< items
    double median_seconds = 0;  ///< of time at work on an item; 0: unknown
};

enum class RatingStanding {
    Counted,   ///< part of the results
    Extra,     ///< the item had all its ratings before
    Excluded,  ///< its rater was excluded
};

/// What a rater last said about an item.
struct StudyRating {
    std::size_t item = 0;       ///< index in Study::items
    std::size_t rater = 0;      ///< index in Study::raters
    std::int64_t value = 0;     ///< see StudyProtocol; of a pair: from the first answer's side, wherever it was shown
    bool is_first_left = true;  ///< the first answer was shown on the left
    bool is_both_bad = false;   ///< Pairwise
    RatingStanding standing = RatingStanding::Counted;
};

/// A study: people rate answers. All strings are hostile text.
struct Study {
    std::string name;
    std::string hash = {};  ///< of its definition and items
    StudyProtocol protocol = StudyProtocol::Pairwise;
    std::size_t raters_per_item = 3;  ///< ratings of an item that count, at most
    bool is_adaptive = false;         ///< ratings went to undecided pairs of variants first
    std::string state = "closed";     ///< or "open", "paused": more ratings may come
    std::size_t scrubbed = 0;         ///< answers that raters saw with passages taken out
    std::vector<std::string> variants = {};
    std::vector<std::string> plans = {};  ///< [variant] RunView::plan of its run; empty: from no run, or unknown
    std::vector<StudyItem> items = {};
    std::vector<StudyRater> raters = {};
    std::vector<StudyRating> ratings = {};  ///< in the order in which they came into force
};

}  // namespace reports::data
