#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "harness/store/study_rows.hpp"
#include "harness/study/definition.hpp"

namespace harness::store {
class Database;
}

namespace harness::study {

inline constexpr store::UnixMs kMsPerMinute = 60'000;
inline constexpr std::size_t kIdBytes = 16;  ///< random bytes in the id of an assignment, a session or a rater

/// Whether a rater's ratings are left out of the analysis.
enum class Excluded { No, Yes };

enum class ItemKind { Rated, Gold, Attention, Practice };

/// Where an assignment stands.
enum class Stage {
    Open,     ///< given out, nothing submitted; its lease may have run out
    InForce,  ///< submitted
    Skipped,  ///< given back for good
};

struct AssignmentState {
    store::AssignmentRow row;
    std::size_t item = 0;
    std::size_t rater = 0;
    Stage stage = Stage::Open;
    store::Choice choice = {};  ///< last one submitted
    std::string note = {};
    std::string session = {};  ///< that submitted it
    std::string reason = {};   ///< of a skip
    double seconds = 0;
    store::UnixMs in_force_since = 0;
    store::UnixMs last_event = 0;
};

struct ItemState {
    ItemKind kind = ItemKind::Rated;
    std::vector<std::size_t> assignments = {};
    std::size_t in_force = 0;  ///< ratings by raters who are not excluded
    std::size_t open = 0;      ///< assignments of Stage::Open
    int left_balance = 0;      ///< first answer on the left, minus second
};

struct RaterState {
    store::RaterRow row;
    std::vector<bool> has;  ///< [item]: was assigned to this rater
    std::vector<std::size_t> assignments = {};
    std::vector<std::size_t> open = {};     ///< those of Stage::Open
    std::vector<std::size_t> history = {};  ///< assignments in force, in the order in which they were submitted
    std::size_t served = 0;                 ///< assignments, practice left out
    std::size_t submitted = 0;              ///< in force, practice left out
    std::size_t since_break = 0;            ///< submissions without a gap of the length of a break
    store::UnixMs last_submission = 0;
    int left_balance = 0;
};

/// Everything about a study that its rules look at, in memory. Changed together with the database by StudyService; read
/// from it when another process wrote.
class StudyState {
public:
    /// Reads a study. Throws store::StoreError.
    StudyState(const store::Database& database, const store::StudyRow& study, const Definition& definition);

    const std::vector<store::StudyItemRow>& item_rows() const { return item_rows_; }
    const std::vector<ItemState>& items() const { return items_; }
    /// Indices of the items of a kind, ascending.
    const std::vector<std::size_t>& items_of(ItemKind kind) const { return by_kind_[static_cast<std::size_t>(kind)]; }
    const std::vector<RaterState>& raters() const { return raters_; }
    const std::vector<AssignmentState>& assignments() const { return assignments_; }
    const AssignmentState& assignment(std::size_t index) const { return assignments_.at(index); }

    std::optional<std::size_t> find_rater(const std::string& id) const;
    std::optional<std::size_t> find_assignment(const std::string& id) const;

    /// Grows with everything that changes which ratings count.
    std::uint64_t changes() const { return changes_; }
    /// Ratings in force, and items being worked on by others than `rater`, of an item.
    std::size_t taken(std::size_t item, std::size_t rater, store::UnixMs now) const;
    /// How long a lease is now. [ms]
    store::UnixMs lease_length() const;

    void add_rater(const store::RaterRow& rater);
    void set_excluded(std::size_t rater, Excluded excluded, const std::string& reason);
    /// Index of the new assignment.
    std::size_t add_assignment(const store::AssignmentRow& row, std::size_t item, std::size_t rater);
    void renew(std::size_t assignment, store::UnixMs lease_until);
    /// The event's assignment must exist.
    void add_event(const store::RatingEventRow& event);

private:
    void set_stage(std::size_t index, Stage stage);
    void submit(std::size_t index, const store::RatingEventRow& event);
    void withdraw(std::size_t index);
    void count_towards_break(RaterState& rater, store::UnixMs at) const;

    const Definition& definition_;
    std::vector<store::StudyItemRow> item_rows_;
    std::vector<ItemState> items_;
    std::array<std::vector<std::size_t>, 4> by_kind_;
    std::vector<RaterState> raters_;
    std::vector<AssignmentState> assignments_;
    std::unordered_map<std::string, std::size_t> rater_index_;
    std::unordered_map<std::string, std::size_t> assignment_index_;
    std::uint64_t changes_ = 0;
    std::deque<double> recent_seconds_;  ///< of the last submissions, for the length of leases
};

}  // namespace harness::study
