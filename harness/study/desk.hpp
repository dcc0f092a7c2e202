#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "harness/store/database.hpp"
#include "harness/store/rating_store.hpp"
#include "harness/store/study_store.hpp"
#include "harness/store/transaction.hpp"
#include "harness/study/assignment.hpp"
#include "harness/study/definition.hpp"
#include "harness/study/page.hpp"
#include "harness/study/service.hpp"
#include "harness/study/state.hpp"

namespace harness::study {

/// What StudyService is made of: a study in memory beside its database, and the steps that change both. Every step is
/// part of a Call; it writes to the database first.
class StudyDesk {
public:
    StudyDesk(const store::Database& database, const std::string& name, Clock time);

    /// A call of the service: one transaction, which begins with everything that other processes committed before.
    class Call {
    public:
        explicit Call(StudyDesk& desk);
        /// An exception leaves the state in doubt: it is read again by the next call.
        ~Call();
        Call(const Call&) = delete;
        Call& operator=(const Call&) = delete;
        void commit() { transaction_.commit(); }

    private:
        store::Transaction transaction_;
        StudyDesk& desk_;
        int exceptions_;
    };

    std::optional<std::size_t> rater_of(const store::RaterSessionRow& session) const;
    /// The assignment of an id that a browser sent, if it is this rater's.
    std::optional<std::size_t> own(const store::RaterSessionRow& session, const std::string& item) const;
    ItemKind kind_of(std::size_t assignment) const;
    /// Whether the rater may write now.
    bool is_open_to(std::size_t rater) const;
    /// The last item that this session submitted and that is still in force.
    std::optional<std::size_t> last_of(const store::RaterSessionRow& session, std::size_t rater) const;

    ShownItem shown(std::size_t assignment) const;
    /// `room`: items_with_room(); nullopt: it is counted.
    Progress progress(std::size_t rater, store::UnixMs now, std::optional<std::size_t> room = {}) const;
    std::optional<Feedback> feedback(std::size_t assignment) const;
    /// "late", "extra" or neither, for an item that is submitted now.
    std::string standing(const AssignmentState& one, store::UnixMs now) const;

    void renew(std::size_t assignment, store::UnixMs now);
    /// Renews whatever was left of the lease.
    void renew_fully(std::size_t assignment, store::UnixMs now);
    /// Stores an event of the assignment, at `now` or right after its last.
    void add_event(std::size_t assignment, store::RatingEventRow event, store::UnixMs now);
    Page page(const store::RaterSessionRow& session, std::size_t rater, store::UnixMs now);
    Invitation add_link(const std::string& rater, store::UnixMs now);
    void set_state(const std::string& word, const std::string& note);
    bool set_excluded(const std::string& rater, Excluded excluded, const std::string& reason);

    static constexpr std::int64_t kUnknown = -1;

    const store::Database& db;
    store::StudyRow study;
    const Definition definition;
    const Clock clock;
    store::StudyStore studies{db};
    store::RatingStore ratings{db};
    std::optional<StudyState> state;
    std::int64_t version = kUnknown;  ///< Database::data_version() of `state`

private:
    void read();
    /// Of adaptive studies: begun items first, so that they are complete soon; none of decided pairs.
    Priority priority(std::size_t rater);
    std::size_t assign(std::size_t item, std::size_t rater, store::UnixMs now);

    std::vector<bool> decided_;                     ///< of adaptive studies, by item
    std::optional<std::uint64_t> decided_changes_;  ///< StudyState::changes() of `decided_`
};

}  // namespace harness::study
