#include "harness/store/score_store.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/store/database.hpp"
#include "harness/store/error.hpp"
#include "harness/store/score_columns.hpp"
#include "harness/store/scorer_table.hpp"
#include "harness/store/statement.hpp"
#include "harness/store/transaction.hpp"

namespace harness::store {

const ScoreColumn* TaskColumns::find(std::string_view metric, std::int64_t scorer) const {
    const auto found = std::find_if(columns.begin(), columns.end(), [&](const ScoreColumn& column) {
        return column.metric == metric && column.scorer == scorer;
    });
    return found == columns.end() ? nullptr : &*found;
}

class ScoreStore::Impl {
public:
    explicit Impl(const Database& database) : db(database) {}

    const Database& db;
    ScorerTable scorer_table{db};
    ScoreColumns score_columns{db};
    Statement tasks{db, "SELECT id FROM run_task WHERE run = ?1 ORDER BY id"};
    Statement scorer_of_task{db, "SELECT scorer FROM run_task WHERE id = ?1"};
    Statement scorers{db, R"sql(
        SELECT id, kind, name, version, model, prompt_hash, settings FROM scorer
        WHERE id IN (SELECT scorer FROM run_task WHERE run = ?1)
           OR id IN (SELECT later.scorer FROM later_score AS later CROSS JOIN item ON item.id = later.item
                     WHERE item.run_task IN (SELECT id FROM run_task WHERE run = ?1))
           OR id IN (SELECT answered.scorer FROM answer_score AS answered CROSS JOIN item ON item.id = answered.item
                     WHERE item.run_task IN (SELECT id FROM run_task WHERE run = ?1))
        ORDER BY id)sql"};
    Statement add_score{db, R"sql(
        INSERT OR REPLACE INTO later_score
        SELECT id, ?3, ?4, ?5, ?6 FROM item WHERE run_task = ?1 AND doc = ?2 RETURNING item)sql"};
    Statement add_answer_score{db, R"sql(
        INSERT OR REPLACE INTO answer_score
        SELECT id, request.position, ?3, ?4, ?5, ?6 FROM item JOIN request ON request.item = item.id
        WHERE run_task = ?1 AND doc = ?2 AND request.position = ?7 RETURNING item)sql"};
    Statement scored_docs{db, R"sql(
        SELECT doc FROM item WHERE run_task = ?1
           AND (EXISTS (SELECT 1 FROM answer_score WHERE answer_score.item = item.id AND scorer = ?2)
             OR EXISTS (SELECT 1 FROM later_score WHERE later_score.item = item.id AND scorer = ?2))
        ORDER BY doc)sql"};
};

ScoreStore::ScoreStore(const Database& database) : impl_(std::make_unique<Impl>(database)) {}
ScoreStore::~ScoreStore() = default;
ScoreStore::ScoreStore(ScoreStore&&) noexcept = default;

std::vector<TaskColumns> ScoreStore::columns(std::int64_t run) const {
    std::vector<std::int64_t> ids;
    impl_->tasks.bind(run);
    while (impl_->tasks.step()) ids.push_back(impl_->tasks.integer(0));
    std::vector<TaskColumns> tasks;
    tasks.reserve(ids.size());
    for (const std::int64_t id : ids) tasks.push_back(task_columns(id));
    return tasks;
}

TaskColumns ScoreStore::task_columns(std::int64_t run_task, const UseDocument& use) const {
    const ReadTransaction one_moment(impl_->db);
    const std::int64_t scorer = impl_->scorer_of_task.bind(run_task).run_for_integer().value_or(0);
    TaskColumns columns = impl_->score_columns.read(run_task, scorer, use);
    impl_->db.check_unchanged();
    return columns;
}

std::vector<ScorerRow> ScoreStore::scorers(std::int64_t run) const {
    std::vector<ScorerRow> rows;
    impl_->scorers.bind(run);
    while (impl_->scorers.step()) rows.push_back(ScorerTable::row(impl_->scorers));
    impl_->db.check_unchanged();
    return rows;
}

std::int64_t ScoreStore::add_scorer(const ScorerRow& scorer) {
    Transaction transaction(impl_->db);
    const std::int64_t id = impl_->scorer_table.id_of(scorer);
    transaction.commit();
    return id;
}

void ScoreStore::add_scores(std::int64_t scorer, const std::vector<ItemScore>& scores) {
    Transaction transaction(impl_->db);
    for (const ItemScore& one : scores) {
        const ScoreRow& score = one.score;
        Statement& add = score.position ? impl_->add_answer_score.bind(one.run_task, one.doc, scorer, score.metric,
                                                                       score.value, score.explanation, *score.position)
                                        : impl_->add_score.bind(one.run_task, one.doc, scorer, score.metric,
                                                                score.value, score.explanation);
        if (!add.step()) {
            throw StoreError(fmt::format("{}: task {} has no document {}{} to score", impl_->db.path(), one.run_task,
                                         one.doc, score.position ? fmt::format(", answer {},", *score.position) : ""));
        }
        add.run();
    }
    transaction.commit();
}

std::vector<std::uint64_t> ScoreStore::scored_docs(std::int64_t run_task, std::int64_t scorer) const {
    std::vector<std::uint64_t> docs;
    impl_->scored_docs.bind(run_task, scorer);
    while (impl_->scored_docs.step()) docs.push_back(impl_->scored_docs.count(0));
    return docs;
}

}  // namespace harness::store
