#include "harness/store/pair_judgement_store.hpp"

#include <fmt/format.h>

#include "harness/store/database.hpp"
#include "harness/store/error.hpp"
#include "harness/store/scorer_table.hpp"
#include "harness/store/statement.hpp"
#include "harness/store/transaction.hpp"

namespace harness::store {

class PairJudgementStore::Impl {
public:
    explicit Impl(const Database& database) : db(database) {}

    const Database& db;
    Statement add{db, R"sql(
        INSERT OR REPLACE INTO pair_judgement
        SELECT ?1, a.id, ?4, b.id, ?7, ?8, ?9, ?10 FROM item AS a JOIN item AS b
        WHERE a.run_task = ?2 AND a.doc = ?3 AND b.run_task = ?5 AND b.doc = ?6 RETURNING item_a)sql"};
    Statement of_tasks{db, R"sql(
        SELECT a.doc, position_a, b.doc, position_b, first, preference, explanation
        FROM item AS a
        CROSS JOIN pair_judgement AS pair ON pair.scorer = ?1 AND pair.item_a = a.id
        CROSS JOIN item AS b ON b.id = pair.item_b
        WHERE a.run_task = ?2 AND b.run_task = ?3
        ORDER BY a.doc, position_a, b.doc, position_b, first)sql"};
    Statement scorers{db, R"sql(
        SELECT id, kind, name, version, model, prompt_hash, settings FROM scorer
        WHERE EXISTS (SELECT 1 FROM pair_judgement AS pair
                      JOIN item AS a ON a.id = pair.item_a JOIN run_task AS task_a ON task_a.id = a.run_task
                      JOIN item AS b ON b.id = pair.item_b JOIN run_task AS task_b ON task_b.id = b.run_task
                      WHERE pair.scorer = scorer.id AND task_a.run = ?1 AND task_b.run = ?2)
        ORDER BY id)sql"};
};

PairJudgementStore::PairJudgementStore(const Database& database) : impl_(std::make_unique<Impl>(database)) {}
PairJudgementStore::~PairJudgementStore() = default;
PairJudgementStore::PairJudgementStore(PairJudgementStore&&) noexcept = default;

void PairJudgementStore::add(std::int64_t scorer, const std::vector<PairJudgementRow>& judgements) {
    Transaction transaction(impl_->db);
    for (const PairJudgementRow& pair : judgements) {
        impl_->add.bind(scorer, pair.a.run_task, pair.a.doc, pair.a.position, pair.b.run_task, pair.b.doc,
                        pair.b.position, pair.first == ShownFirst::A ? "a" : "b", pair.preference, pair.explanation);
        if (!impl_->add.step()) {
            throw StoreError(fmt::format("{}: no document {} of task {}, or {} of {}, whose answers could be compared",
                                         impl_->db.path(), pair.a.doc, pair.a.run_task, pair.b.doc, pair.b.run_task));
        }
        impl_->add.run();
    }
    transaction.commit();
}

std::vector<PairJudgementRow> PairJudgementStore::of_tasks(std::int64_t scorer, std::int64_t run_task_a,
                                                           std::int64_t run_task_b) const {
    std::vector<PairJudgementRow> rows;
    Statement& read = impl_->of_tasks;
    read.bind(scorer, run_task_a, run_task_b);
    while (read.step()) {
        rows.push_back({.a = {run_task_a, read.count(0), read.count(1)},
                        .b = {run_task_b, read.count(2), read.count(3)},
                        .first = read.view(4) == "a" ? ShownFirst::A : ShownFirst::B,
                        .preference = read.optional_real(5),
                        .explanation = read.text(6)});
    }
    impl_->db.check_unchanged();
    return rows;
}

std::vector<ScorerRow> PairJudgementStore::scorers(std::int64_t run_a, std::int64_t run_b) const {
    std::vector<ScorerRow> rows;
    impl_->scorers.bind(run_a, run_b);
    while (impl_->scorers.step()) rows.push_back(ScorerTable::row(impl_->scorers));
    impl_->db.check_unchanged();
    return rows;
}

}  // namespace harness::store
