#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/store/study_rows.hpp"

/// What raters and the lead of a study are shown, as plain data. Nothing that a rater gets names a variant, a run, a
/// task, another rater, or the kind of a check.
namespace harness::study {

struct Turn {
    std::string role;  ///< "system", "user", "assistant"
    std::string content;
};

/// An item as one rater sees it. All texts are hostile.
struct ShownItem {
    std::string id;                    ///< random; of this rater and item
    std::vector<Turn> turns;           ///< the conversation; its last turn is the user's
    std::vector<std::string> answers;  ///< left and right, or the only one
    bool is_practice = false;
    bool is_submitted = false;  ///< opened again for a change
    store::Choice choice = {};  ///< of the draft, or what was submitted
    std::string note = {};
    double seconds = 0;  ///< time at work so far
};

struct Progress {
    std::size_t done = 0;           ///< items that this rater has submitted, practice left out
    std::size_t left = 0;           ///< items that this rater would still be given if nobody else took any
    std::size_t open = 0;           ///< items that were given to this rater and wait for an answer
    std::size_t practice_left = 0;  ///< practice items to do before the first of the others
    std::size_t since_break = 0;    ///< items since the last break
    std::size_t session_items = 0;  ///< items after which a break is due; 0: none
};

enum class PageState {
    Rating,    ///< there is an item
    Waiting,   ///< others are working on all items that are left: ask again in a minute
    Finished,  ///< nothing is left for this rater
    Break,     ///< the session has had its items; goes on after `resume_at`
    Paused,    ///< by the lead
    Closed,    ///< by the lead
    Excluded,  ///< the rater was excluded
};

/// What a rater's page shows.
struct Page {
    PageState state = PageState::Waiting;
    std::optional<ShownItem> item = {};  ///< of PageState::Rating
    Progress progress = {};
    bool can_undo = false;
    std::optional<store::UnixMs> resume_at = {};  ///< of PageState::Break
};

/// Shown after a practice item.
struct Feedback {
    bool is_right = false;
    std::string text;
};

enum class SubmitOutcome {
    Stored,      ///< in force. Whether it counts or is extra is not the rater's business
    Incomplete,  ///< nothing was stored; `message` says what is missing
    NotYours,    ///< no such item for this rater, or it cannot be changed any more; nothing was stored
    NotNow,      ///< paused, closed, or the rater is excluded; nothing was stored
};

struct SubmitResult {
    SubmitOutcome outcome = SubmitOutcome::Stored;
    std::string message = {};  ///< for the rater; empty when stored
    std::optional<Feedback> feedback = {};
};

/// How a rater works. Numbers are of items in force, practice left out.
struct RaterStatus {
    store::RaterRow rater;
    std::size_t submitted = 0;
    std::size_t counted = 0;
    std::size_t skipped = 0;
    double median_seconds = 0;
    std::size_t gold = 0;
    std::size_t gold_right = 0;
    std::size_t attention = 0;
    std::size_t attention_right = 0;
    std::size_t longest_streak = 0;  ///< same value in a row, as it was pressed
    std::size_t left_preferred = 0;  ///< of two answers
    std::size_t right_preferred = 0;
    std::size_t with_majority = 0;  ///< counted ratings with two or more others of which more than half say the same
    std::size_t agreeing = 0;       ///< of these, those that say it too; see agreement_of_item()
    std::optional<store::UnixMs> last_seen = {};
};

/// A pair of variants in a pairwise study, see pair_progress().
struct PairStatus {
    std::string first_run;  ///< plan hash
    std::string second_run;
    std::string first;  ///< display name
    std::string second;
    std::size_t items = 0;  ///< complete ones
    double mean = 0;        ///< score of the first: 1 a win, 0.5 a tie
    double low = 0;         ///< interval that holds whenever it is looked at
    double high = 1;

    bool is_decided() const { return low > 0.5 || high < 0.5; }
};

/// The state of a study for its lead.
struct StudyStatus {
    store::StudyRow study;
    std::size_t items = 0;     ///< to be rated, without checks and practice
    std::size_t complete = 0;  ///< with all their ratings
    std::size_t wanted = 0;    ///< ratings: items times raters an item
    std::size_t counted = 0;   ///< ratings
    std::size_t extra = 0;
    std::size_t of_excluded = 0;
    std::size_t active_leases = 0;
    std::map<std::size_t, std::size_t> items_by_ratings = {};  ///< number of items by their counted ratings
    std::map<std::string, std::size_t> skips = {};             ///< by reason
    std::size_t scrubbed = 0;                                  ///< answers that raters see with passages taken out
    std::vector<RaterStatus> raters = {};
    std::vector<PairStatus> pairs = {};  ///< of a pairwise study
    bool is_adaptive = false;

    /// Sums of the raters' own.
    std::size_t with_majority() const;
    std::size_t agreeing() const;
};

}  // namespace harness::study
