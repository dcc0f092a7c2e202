#include "harness/store/study_store.hpp"

#include <fmt/format.h>

#include "harness/store/database.hpp"
#include "harness/store/error.hpp"
#include "harness/store/statement.hpp"
#include "harness/store/transaction.hpp"

namespace harness::store {
namespace {

constexpr std::string_view kImported = "import";

}  // namespace

class StudyStore::Impl {
public:
    explicit Impl(const Database& database) : db(database) {}

    const Database& db;
    Statement studies{db, R"sql(
        SELECT id, name, hash, protocol, raters, source, definition, opened, coalesce(
            (SELECT state FROM study_state WHERE study_state.study = study.id ORDER BY at DESC LIMIT 1), 'open')
        FROM study WHERE ?1 = '' OR name = ?1 OR hash = ?1 ORDER BY name)sql"};
    Statement add_study{db, R"sql(
        INSERT INTO study (name, hash, protocol, raters, source, definition, opened) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        RETURNING id)sql"};
    Statement add_item{db, R"sql(
        INSERT INTO study_item (study, number, kind, category, prompt, turns, low, high, feedback)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING id)sql"};
    Statement add_answer{db, R"sql(
        INSERT INTO study_answer (item, slot, variant, run, task, doc, position, text, shown, changes)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10))sql"};
    Statement items{db, R"sql(
        SELECT id, number, kind, category, prompt, turns, low, high, feedback
        FROM study_item WHERE study = ?1 ORDER BY number)sql"};
    Statement answers{db, R"sql(
        SELECT variant, run, task, doc, position, text, shown, changes FROM study_answer WHERE item = ?1 ORDER BY slot)sql"};
    Statement set_state{db, R"sql(
        INSERT INTO study_state (study, at, state, note) VALUES (?1, max(?2, 1 + coalesce(
            (SELECT max(at) FROM study_state WHERE study = ?1), 0)), ?3, ?4))sql"};
    Statement raters{db, R"sql(
        SELECT id, number, note, created,
            coalesce((SELECT state = 'excluded' FROM rater_state WHERE rater = id ORDER BY at DESC LIMIT 1), 0),
            coalesce((SELECT reason FROM rater_state WHERE rater = id ORDER BY at DESC LIMIT 1), '')
        FROM rater WHERE study = ?1 ORDER BY number, id)sql"};
    Statement add_rater{db, "INSERT INTO rater (id, study, number, note, created) VALUES (?1, ?2, ?3, ?4, ?5)"};
    Statement rater_state{db, R"sql(
        INSERT INTO rater_state (rater, at, state, reason) VALUES (?1, max(?2, 1 + coalesce(
            (SELECT max(at) FROM rater_state WHERE rater = ?1), 0)), ?3, ?4))sql"};
    Statement add_invitation{db, "INSERT INTO invitation (token, rater, created) VALUES (?1, ?2, ?3)"};
    Statement use_invitation{db, R"sql(
        UPDATE invitation SET used = ?3 WHERE token = ?2 AND used IS NULL
            AND (SELECT study FROM rater WHERE rater.id = invitation.rater) = ?1 RETURNING rater)sql"};
    Statement add_session{db, "INSERT INTO rater_session (id, secret, rater, started) VALUES (?1, ?2, ?3, ?4)"};
    Statement session{db, R"sql(
        SELECT rater_session.id, rater, started, ended FROM rater_session JOIN rater ON rater.id = rater
        WHERE secret = ?2 AND study = ?1)sql"};
    Statement end_session{db, "UPDATE rater_session SET ended = ?2 WHERE id = ?1 AND ended IS NULL"};

    std::vector<StudyRow> read_studies(std::string_view name_or_hash) {
        std::vector<StudyRow> rows;
        studies.bind(name_or_hash);
        while (studies.step()) {
            rows.push_back({.id = studies.integer(0),
                            .name = studies.text(1),
                            .hash = studies.text(2),
                            .protocol = studies.text(3),
                            .raters = static_cast<std::uint32_t>(studies.count(4)),
                            .source = studies.text(5),
                            .definition_json = studies.text(6),
                            .opened = studies.integer(7),
                            .state = studies.text(8)});
        }
        db.check_unchanged();
        return rows;
    }

    void insert_item(std::int64_t study, std::uint64_t number, const StudyItemRow& item) {
        const auto low = item.right ? std::optional(item.right->low) : std::nullopt;
        const auto high = item.right ? std::optional(item.right->high) : std::nullopt;
        add_item.bind(study, number, item.kind, item.category, item.prompt_hash, item.turns_json, low, high,
                      item.feedback);
        const std::int64_t id = add_item.run_for_integer().value();
        std::int64_t slot = 0;
        for (const StudyAnswerRow& answer : item.answers) {
            const auto shown = answer.shown ? std::optional(Blob{*answer.shown}) : std::nullopt;
            add_answer
                .bind(id, slot++, answer.variant, answer.run, answer.task, answer.doc, answer.position,
                      Blob{answer.text}, shown, answer.changes_json)
                .run();
        }
    }

    std::vector<StudyAnswerRow> read_answers(std::int64_t item) {
        std::vector<StudyAnswerRow> rows;
        answers.bind(item);
        while (answers.step()) {
            rows.push_back({.variant = answers.text(0),
                            .run = answers.text(1),
                            .task = answers.text(2),
                            .doc = answers.count(3),
                            .position = answers.count(4),
                            .text = answers.text(5),
                            .shown = answers.optional_text(6),
                            .changes_json = answers.text(7)});
        }
        return rows;
    }
};

StudyStore::StudyStore(const Database& database) : impl_(std::make_unique<Impl>(database)) {}
StudyStore::~StudyStore() = default;
StudyStore::StudyStore(StudyStore&&) noexcept = default;

std::vector<StudyRow> StudyStore::studies() const {
    return impl_->read_studies("");
}

std::optional<StudyRow> StudyStore::find(std::string_view name) const {
    if (name.empty()) return std::nullopt;
    for (StudyRow& row : impl_->read_studies(name)) {
        if (row.name == name) return std::move(row);
    }
    return std::nullopt;
}

StudyRow StudyStore::add(const StudyRow& study, const std::vector<StudyItemRow>& items) {
    Transaction transaction(impl_->db);
    if (std::vector<StudyRow> same = impl_->read_studies(study.hash); !same.empty()) return std::move(same.front());
    if (const auto taken = find(study.name)) {
        throw StoreError(
            fmt::format("{}: there is another study '{}' already ({} here, {} now); give the new one "
                        "another name",
                        impl_->db.path(), study.name, taken->hash.substr(0, 12), study.hash.substr(0, 12)));
    }
    impl_->add_study.bind(study.name, study.hash, study.protocol, study.raters, study.source, study.definition_json,
                          study.opened);
    const std::int64_t id = impl_->add_study.run_for_integer().value();
    std::uint64_t number = 0;
    for (const StudyItemRow& item : items) impl_->insert_item(id, number++, item);
    // What was rated elsewhere is closed from the start: nobody can rate it here.
    set_state(id, study.opened, study.source == kImported ? "closed" : "open", "");
    transaction.commit();
    return *find(study.name);
}

std::vector<StudyItemRow> StudyStore::items(std::int64_t study) const {
    const ReadTransaction one_moment(impl_->db);
    Statement& rows = impl_->items;
    std::vector<StudyItemRow> items;
    rows.bind(study);
    while (rows.step()) {
        StudyItemRow item{.id = rows.integer(0),
                          .number = rows.count(1),
                          .kind = rows.text(2),
                          .category = rows.text(3),
                          .prompt_hash = rows.text(4),
                          .turns_json = rows.text(5),
                          .right = {},
                          .feedback = rows.text(8),
                          .answers = {}};
        if (!rows.is_null(6)) item.right = RightAnswer{rows.integer(6), rows.integer(7)};
        items.push_back(std::move(item));
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].number != i)
            throw StoreError(
                fmt::format("{}: item {} of a study is missing; the file is damaged", impl_->db.path(), i));
        items[i].answers = impl_->read_answers(items[i].id);
    }
    impl_->db.check_unchanged();
    return items;
}

void StudyStore::set_state(std::int64_t study, UnixMs at, const std::string& state, const std::string& note) {
    Transaction transaction(impl_->db);
    impl_->set_state.bind(study, at, state, note).run();
    transaction.commit();
}

std::vector<RaterRow> StudyStore::raters(std::int64_t study) const {
    std::vector<RaterRow> raters;
    Statement& rows = impl_->raters.bind(study);
    while (rows.step()) {
        raters.push_back({.id = rows.text(0),
                          .number = rows.count(1),
                          .note = rows.text(2),
                          .created = rows.integer(3),
                          .excluded = rows.integer(4) != 0,
                          .reason = rows.text(5)});
    }
    impl_->db.check_unchanged();
    return raters;
}

void StudyStore::add_rater(std::int64_t study, const RaterRow& rater) {
    Transaction transaction(impl_->db);
    impl_->add_rater.bind(rater.id, study, rater.number, rater.note, rater.created).run();
    transaction.commit();
}

void StudyStore::set_rater_state(const std::string& rater, UnixMs at, const std::string& state,
                                 const std::string& reason) {
    Transaction transaction(impl_->db);
    impl_->rater_state.bind(rater, at, state, reason).run();
    transaction.commit();
}

void StudyStore::add_invitation(const std::string& token_hash, const std::string& rater, UnixMs created) {
    Transaction transaction(impl_->db);
    impl_->add_invitation.bind(token_hash, rater, created).run();
    transaction.commit();
}

std::optional<std::string> StudyStore::use_invitation(std::int64_t study, const std::string& token_hash, UnixMs at) {
    Transaction transaction(impl_->db);
    if (!impl_->use_invitation.bind(study, token_hash, at).step()) return std::nullopt;
    std::string rater = impl_->use_invitation.text(0);
    impl_->use_invitation.run();
    transaction.commit();
    return rater;
}

void StudyStore::add_session(const RaterSessionRow& session, const std::string& secret_hash) {
    Transaction transaction(impl_->db);
    impl_->add_session.bind(session.id, secret_hash, session.rater, session.started).run();
    transaction.commit();
}

std::optional<RaterSessionRow> StudyStore::session(std::int64_t study, const std::string& secret_hash) const {
    Statement& row = impl_->session.bind(study, secret_hash);
    if (!row.step()) return std::nullopt;
    RaterSessionRow session{
        .id = row.text(0), .rater = row.text(1), .started = row.integer(2), .ended = row.optional_integer(3)};
    row.run();
    return session;
}

void StudyStore::end_session(const std::string& id, UnixMs at) {
    Transaction transaction(impl_->db);
    impl_->end_session.bind(id, at).run();
    transaction.commit();
}

}  // namespace harness::store
