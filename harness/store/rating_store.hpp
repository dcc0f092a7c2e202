#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/store/study_rows.hpp"

namespace harness::store {

class Database;

/// Assignments of items to raters, and what the raters did. Events are only ever added. The database must outlive it.
/// All functions throw StoreError; each write is one transaction.
class RatingStore {
public:
    explicit RatingStore(const Database& database);
    ~RatingStore();
    RatingStore(RatingStore&&) noexcept;

    /// All of a study, in the order in which they were assigned.
    std::vector<AssignmentRow> assignments(std::int64_t study) const;
    /// All of a study, in the order of assignment and time.
    std::vector<RatingEventRow> events(std::int64_t study) const;
    std::optional<DraftRow> draft(const std::string& assignment) const;

    /// Throws StoreError when the rater has the item already.
    void add_assignment(const AssignmentRow& assignment);
    void renew_lease(const std::string& assignment, UnixMs lease_until);
    /// Adds an event; the assignment's draft is dropped. Throws StoreError when the assignment has one of this time.
    void add_event(const RatingEventRow& event);
    /// Replaces the draft of its assignment.
    void save_draft(const DraftRow& draft);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace harness::store
