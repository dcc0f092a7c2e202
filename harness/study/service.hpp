#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/store/study_rows.hpp"
#include "harness/study/page.hpp"
#include "harness/study/protocol.hpp"

namespace harness::store {
class Database;
}

namespace harness::study {

class StudyDesk;

/// Where the time comes from; tests set their own.
using Clock = std::function<store::UnixMs()>;
store::UnixMs system_now();

/// A session ends so long after it began: a forgotten browser is not open for ever. [ms]
constexpr store::UnixMs kMaxSessionAge = store::UnixMs{30} * 24 * 3600 * 1000;

/// A new link: shown once, kept as a hash.
struct Invitation {
    std::string rater;  ///< RaterRow::id
    std::string token;  ///< 64 random hexadecimal digits, good for one begin_session()
};

/// A session that begins: the secret is the browser's cookie, shown once, kept as a hash.
struct NewSession {
    store::RaterSessionRow session;
    std::string secret;  ///< 64 random hexadecimal digits
};

/// A study while people rate it: hands out items, takes ratings, tells the lead. Everything is in the database as soon
/// as a function returns, and durable with the transaction around it: its own, or one of ServiceThread for many calls.
///
/// For one thread only; ServiceThread shares it between threads. Other processes may write to the same study meanwhile:
/// their writes are seen at the next call. Functions throw store::StoreError, after which the object may be used on.
class StudyService {
public:
    /// The database must outlive it. Throws base::UsageError when there is no such study, or it was rated elsewhere.
    StudyService(const store::Database& database, const std::string& study, Clock clock = system_now);
    ~StudyService();
    StudyService(StudyService&&) noexcept;

    const store::StudyRow& study();
    Protocol protocol() const;
    /// The study's own question, or the protocol's.
    const std::string& question() const;

    /// Exchanges a link's token for a session. nullopt: unknown, used before, of another study, or of an excluded
    /// rater; which of them is not told.
    std::optional<NewSession> begin_session(const std::string& token);
    /// The session of a cookie; nullopt: unknown, ended, older than kMaxSessionAge, or of another study.
    std::optional<store::RaterSessionRow> session(const std::string& secret);
    void end_session(const store::RaterSessionRow& session);
    /// Another link for the same rater: to go on at another device, or after the first was lost.
    Invitation new_link(const std::string& rater);

    /// What the rater sees now: the item that they work on, else the next, which is assigned to them by this call. Also
    /// renews its lease.
    Page current(const store::RaterSessionRow& session);
    /// Renews the lease of an item that the rater works on. False: it is not theirs, or not open any more.
    bool renew(const store::RaterSessionRow& session, const std::string& item);
    /// Keeps an unfinished choice, restored by current() at any device; renews the lease. False as renew().
    bool save_draft(const store::RaterSessionRow& session, const std::string& item, const store::Choice& choice,
                    const std::string& note, double seconds);
    /// Submits an item, or changes one that was submitted in this session. `seconds` is the time at work that the page
    /// measured; more than has passed since the assignment is cut to that. Notes have at most 4000 bytes, here and in
    /// the other functions.
    SubmitResult submit(const store::RaterSessionRow& session, const std::string& item, const store::Choice& choice,
                        const std::string& note, double seconds);
    /// Takes back the last item submitted in this session, which is then open again with its choice as the draft.
    /// False: there is none.
    bool undo(const store::RaterSessionRow& session);
    /// Gives an item back for good; `reason` is a word of skip_reasons(). False: not theirs, not open, or no such
    /// reason.
    bool skip(const store::RaterSessionRow& session, const std::string& item, const std::string& reason,
              const std::string& note);
    /// The items submitted in this session and still in force, the last first.
    std::vector<std::string> submitted(const store::RaterSessionRow& session);
    /// One of submitted(), to be looked at and changed; nullopt: it is not one of them.
    std::optional<ShownItem> look(const store::RaterSessionRow& session, const std::string& item);
    Progress progress(const store::RaterSessionRow& session);

    // For the lead.
    std::vector<Invitation> invite(std::size_t raters, const std::string& note);
    StudyStatus status();
    void pause(const std::string& note);
    void resume(const std::string& note);
    void close(const std::string& note);
    /// Keeps the rater's ratings, marked as excluded; their items are given to others. False: no such rater.
    bool exclude(const std::string& rater, const std::string& reason);
    bool include_again(const std::string& rater, const std::string& reason);

    /// Reads everything again at the next call: for whoever rolled back a transaction that calls were part of.
    void forget();

private:
    std::unique_ptr<StudyDesk> desk_;
};

}  // namespace harness::study
