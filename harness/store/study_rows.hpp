#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Studies in which people rate answers.
namespace harness::store {

/// Unix time in milliseconds, UTC.
using UnixMs = std::int64_t;

/// A frozen study. `hash` identifies it in every file: same definition and items, same study.
struct StudyRow {
    std::int64_t id = 0;
    std::string name;  ///< unique in a file
    std::string hash;  ///< SHA-256 (hex) of definition and items
    /// "pairwise" (1 to 7, 1: the left answer is much better), "safety" (1 to 5), "preference" (1 to 8, 1: the left
    /// answer is significantly better; no tie). Imported only: "harm" (0 none, 1 borderline, 2 violating) and "refusal"
    /// (0 full compliance, 1 partial refusal, 2 full refusal, 3 no answer).
    std::string protocol;
    std::uint32_t raters = 3;     ///< ratings of an item that count, at most
    std::string source = "page";  ///< or "import": rated elsewhere
    std::string definition_json;  ///< STUDY.json as it was frozen
    UnixMs opened = 0;
    std::string state = "open";  ///< "open", "paused", "closed"

    friend bool operator==(const StudyRow&, const StudyRow&) = default;
};

/// An answer that raters see. It keeps its text, so that a study can be rated and read without its runs.
struct StudyAnswerRow {
    std::string variant;   ///< display name of whoever wrote it
    std::string run = {};  ///< plan hash; empty: from no run
    std::string task = {};
    std::uint64_t doc = 0;
    std::uint64_t position = 0;             ///< of the request among the item's
    std::string text;                       ///< the output
    std::optional<std::string> shown = {};  ///< what raters see; none: `text`
    std::string changes_json = "[]";        ///< of scrubbing: a list of {"from", "to"}

    const std::string& shown_text() const { return shown ? *shown : text; }
    friend bool operator==(const StudyAnswerRow&, const StudyAnswerRow&) = default;
};

/// The values that are correct, on the first answer's side (see canonical_value).
struct RightAnswer {
    std::int64_t low = 0;
    std::int64_t high = 0;

    friend bool operator==(const RightAnswer&, const RightAnswer&) = default;
};

struct StudyItemRow {
    std::int64_t id = 0;
    std::uint64_t number = 0;  ///< place in the study, from 0
    /// "rated"; "gold", "attention": hidden checks; "practice": with feedback, never counts.
    std::string kind = "rated";
    std::string category = {};  ///< stratum of the sample
    std::string prompt_hash;    ///< SHA-256 (hex) of the turns: ratings of one prompt belong together
    std::string turns_json;     ///< list of {"role", "content"}; the last is the user's
    std::optional<RightAnswer> right = {};
    std::string feedback = {};            ///< shown after a practice item
    std::vector<StudyAnswerRow> answers;  ///< two, or one of a safety study

    friend bool operator==(const StudyItemRow&, const StudyItemRow&) = default;
};

struct RaterRow {
    std::string id;            ///< 32 random hexadecimal digits
    std::uint64_t number = 0;  ///< order of invitation, from 0
    std::string note = {};     ///< for the lead only
    UnixMs created = 0;
    bool excluded = false;
    std::string reason = {};  ///< why it was excluded, or included again

    friend bool operator==(const RaterRow&, const RaterRow&) = default;
};

/// A rater at a browser. The secret is known to the browser only.
struct RaterSessionRow {
    std::string id;  ///< 32 random hexadecimal digits
    std::string rater;
    UnixMs started = 0;
    std::optional<UnixMs> ended = {};
};

/// An item given to a rater.
struct AssignmentRow {
    std::string id;         ///< 32 random hexadecimal digits: all that a browser sees of the item
    std::int64_t item = 0;  ///< StudyItemRow::id
    std::string rater;
    std::uint32_t left_slot = 0;  ///< which answer is shown on the left: 0 or 1
    UnixMs assigned = 0;
    UnixMs lease_until = 0;

    friend bool operator==(const AssignmentRow&, const AssignmentRow&) = default;
};

/// What a rater chose, as it was shown: values are on the left answer's side.
struct Choice {
    std::optional<std::int64_t> value = {};
    std::optional<bool> both_bad = {};    ///< pairwise
    std::optional<bool> left_safe = {};   ///< preference
    std::optional<bool> right_safe = {};  ///< preference

    friend bool operator==(const Choice&, const Choice&) = default;
};

struct RatingEventRow {
    std::string assignment = {};
    UnixMs at = 0;                ///< unique in the assignment
    std::string kind = "submit";  ///< "submit", "edit", "undo", "skip"
    std::string session = {};     ///< empty: imported
    Choice choice = {};           ///< of "submit" and "edit"
    std::string reason = {};      ///< of "skip"
    std::string note = {};        ///< the rater's words; may be empty
    double seconds = 0;           ///< time at work on the item, pauses left out
    /// When it was stored: "late": after its lease; "extra": the item had all its ratings. Which ratings count is
    /// computed when they are read, see ratings().
    std::string standing = {};

    friend bool operator==(const RatingEventRow&, const RatingEventRow&) = default;
};

struct DraftRow {
    std::string assignment;
    UnixMs at = 0;
    Choice choice = {};
    std::string note = {};
    double seconds = 0;

    friend bool operator==(const DraftRow&, const DraftRow&) = default;
};

}  // namespace harness::store
