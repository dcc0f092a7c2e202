#include "harness/store/score_store.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/store/database.hpp"
#include "harness/store/error.hpp"
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
    // Most runs have no later scores: EXISTS is asked once, and spares a search for each item.
    Statement columns{db, R"sql(
        SELECT run_task.id, item.doc, item.error <> '', run_task.scorer, score.metric, score.value
        FROM run_task NOT INDEXED
        LEFT JOIN item ON item.run_task = run_task.id LEFT JOIN score ON score.item = item.id
        WHERE run_task.run = ?1
        UNION ALL
        SELECT run_task.id, item.doc, item.error <> '', later.scorer, later.metric, later.value
        FROM run_task NOT INDEXED
        CROSS JOIN item ON item.run_task = run_task.id CROSS JOIN later_score AS later ON later.item = item.id
        WHERE run_task.run = ?1 AND EXISTS (SELECT 1 FROM later_score)
        UNION ALL
        SELECT run_task.id, item.doc, item.error <> '', answered.scorer, answered.metric, avg(answered.value)
        FROM run_task NOT INDEXED
        CROSS JOIN item ON item.run_task = run_task.id CROSS JOIN answer_score AS answered ON answered.item = item.id
        WHERE run_task.run = ?1 AND EXISTS (SELECT 1 FROM answer_score) GROUP BY item.id, answered.scorer, answered.metric
        ORDER BY 1, 2)sql"};
    Statement scorers{db, R"sql(
        SELECT id, kind, name, version, model, prompt_hash, settings FROM scorer
        WHERE id IN (SELECT scorer FROM run_task WHERE run = ?1)
           OR id IN (SELECT later.scorer
                     FROM (SELECT item, scorer FROM later_score UNION SELECT item, scorer FROM answer_score) AS later
                     JOIN item ON item.id = later.item JOIN run_task ON run_task.id = item.run_task WHERE run = ?1)
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

namespace {

/// Converts rows of the query, sorted by task and document, to columns.
class ColumnReader {
public:
    explicit ColumnReader(std::vector<TaskColumns>& tasks) : tasks_(tasks) {}

    void add(const Statement& row) {
        if (tasks_.empty() || tasks_.back().run_task != row.integer(0)) {
            tasks_.push_back({.run_task = row.integer(0), .docs = {}, .failed = {}, .columns = {}});
            next_ = 0;
        }
        if (row.is_null(1)) return;  // a task without items
        TaskColumns& task = tasks_.back();
        if (const std::uint64_t doc = row.count(1); task.docs.empty() || task.docs.back() != doc) {
            task.docs.push_back(doc);
            task.failed.push_back(row.integer(2) != 0);
            next_ = 0;
        }
        if (row.is_null(4)) return;  // an item without scores
        ScoreColumn& column = column_of(task, row.integer(3), row.view(4));
        column.values.resize(task.docs.size());
        if (!row.is_null(5)) column.values.back() = row.real(5);
    }

private:
    /// Fast because items of a task nearly always have the same metrics in the same order.
    ScoreColumn& column_of(TaskColumns& task, std::int64_t scorer, std::string_view metric) {
        const auto is_wanted = [&](const ScoreColumn& column) {
            return column.scorer == scorer && column.metric == metric;
        };
        if (next_ < task.columns.size() && is_wanted(task.columns[next_])) return task.columns[next_++];
        const auto found = std::find_if(task.columns.begin(), task.columns.end(), is_wanted);
        next_ = static_cast<std::size_t>(found - task.columns.begin()) + 1;
        if (found != task.columns.end()) return *found;
        return task.columns.emplace_back(ScoreColumn{std::string(metric), scorer, {}});
    }

    std::vector<TaskColumns>& tasks_;
    std::size_t next_ = 0;
};

}  // namespace

ScoreStore::ScoreStore(const Database& database) : impl_(std::make_unique<Impl>(database)) {}
ScoreStore::~ScoreStore() = default;
ScoreStore::ScoreStore(ScoreStore&&) noexcept = default;

std::vector<TaskColumns> ScoreStore::columns(std::int64_t run) const {
    std::vector<TaskColumns> tasks;
    ColumnReader reader(tasks);
    impl_->columns.bind(run);
    while (impl_->columns.step()) reader.add(impl_->columns);
    for (TaskColumns& task : tasks) {
        for (ScoreColumn& column : task.columns) column.values.resize(task.docs.size());
    }
    impl_->db.check_unchanged();
    return tasks;
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
