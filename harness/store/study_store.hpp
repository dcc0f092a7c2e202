#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/store/study_rows.hpp"

namespace harness::store {

class Database;

/// Studies with their items and raters. The database must outlive it. All functions throw StoreError; each write is one
/// transaction.
class StudyStore {
public:
    explicit StudyStore(const Database& database);
    ~StudyStore();
    StudyStore(StudyStore&&) noexcept;

    /// Sorted by name.
    std::vector<StudyRow> studies() const;
    /// nullopt when no study has the name.
    std::optional<StudyRow> find(std::string_view name) const;
    /// Adds a study with its items, which get the numbers 0, 1, ... It is open, or closed if it was rated elsewhere. A
    /// study of this hash that is there already is not changed. Throws StoreError when another study has the name.
    /// Returns the stored study.
    StudyRow add(const StudyRow& study, const std::vector<StudyItemRow>& items);
    /// In the order of their numbers.
    std::vector<StudyItemRow> items(std::int64_t study) const;
    /// "open", "paused", "closed". A time that is not after the last change becomes the next millisecond.
    void set_state(std::int64_t study, UnixMs at, const std::string& state, const std::string& note = "");

    /// Sorted by number, then id.
    std::vector<RaterRow> raters(std::int64_t study) const;
    void add_rater(std::int64_t study, const RaterRow& rater);
    /// "active", "excluded". Times as in set_state().
    void set_rater_state(const std::string& rater, UnixMs at, const std::string& state, const std::string& reason);

    /// `token_hash`, `secret_hash`: SHA-256 (hex) of what the rater's browser has.
    void add_invitation(const std::string& token_hash, const std::string& rater, UnixMs created);
    /// Marks an unused invitation of the study as used and returns its rater; nullopt when there is none.
    std::optional<std::string> use_invitation(std::int64_t study, const std::string& token_hash, UnixMs at);
    void add_session(const RaterSessionRow& session, const std::string& secret_hash);
    /// nullopt when the study has no session with this secret.
    std::optional<RaterSessionRow> session(std::int64_t study, const std::string& secret_hash) const;
    void end_session(const std::string& id, UnixMs at);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace harness::store
