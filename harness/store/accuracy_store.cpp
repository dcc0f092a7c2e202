#include "harness/store/accuracy_store.hpp"

#include "harness/store/database.hpp"
#include "harness/store/statement.hpp"
#include "harness/store/transaction.hpp"

namespace harness::store {

class AccuracyStore::Impl {
public:
    explicit Impl(const Database& database) : db(database) {}

    const Database& db;
    Statement set{db, R"sql(
        INSERT INTO scorer_accuracy (scorer, scale, labels_hash, labels, items, metrics, created)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, iif(?7 = '', strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ?7))
        ON CONFLICT DO UPDATE SET labels = excluded.labels, items = excluded.items, metrics = excluded.metrics,
                                  created = excluded.created
        WHERE excluded.created >= created)sql"};
    Statement of_scorer{db, R"sql(
        SELECT scorer, scale, labels_hash, labels, items, metrics, created FROM scorer_accuracy
        WHERE scorer = ?1 ORDER BY created DESC, scale, labels_hash)sql"};
    Statement of_run{db, R"sql(
        SELECT scorer, scale, labels_hash, labels, items, metrics, created FROM scorer_accuracy
        WHERE scorer IN (SELECT later.scorer
                         FROM (SELECT item, scorer FROM later_score UNION SELECT item, scorer FROM answer_score) AS later
                         JOIN item ON item.id = later.item JOIN run_task ON run_task.id = item.run_task WHERE run = ?1)
        ORDER BY scorer, created DESC, scale, labels_hash)sql"};

    std::vector<ScorerAccuracyRow> read(Statement& statement) const {
        std::vector<ScorerAccuracyRow> rows;
        while (statement.step()) {
            rows.push_back({.scorer = statement.integer(0),
                            .scale = statement.text(1),
                            .labels_hash = statement.text(2),
                            .labels = statement.text(3),
                            .items = statement.count(4),
                            .metrics_json = statement.text(5),
                            .created = statement.text(6)});
        }
        db.check_unchanged();
        return rows;
    }
};

AccuracyStore::AccuracyStore(const Database& database) : impl_(std::make_unique<Impl>(database)) {}
AccuracyStore::~AccuracyStore() = default;
AccuracyStore::AccuracyStore(AccuracyStore&&) noexcept = default;

void AccuracyStore::set(const ScorerAccuracyRow& accuracy) {
    Transaction transaction(impl_->db);
    impl_->set
        .bind(accuracy.scorer, accuracy.scale, accuracy.labels_hash, accuracy.labels, accuracy.items,
              accuracy.metrics_json, accuracy.created)
        .run();
    transaction.commit();
}

std::vector<ScorerAccuracyRow> AccuracyStore::of_scorer(std::int64_t scorer) const {
    return impl_->read(impl_->of_scorer.bind(scorer));
}

std::vector<ScorerAccuracyRow> AccuracyStore::of_run(std::int64_t run) const {
    return impl_->read(impl_->of_run.bind(run));
}

}  // namespace harness::store
