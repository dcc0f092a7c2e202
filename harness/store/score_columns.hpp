#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "harness/store/item_ranges.hpp"
#include "harness/store/score_store.hpp"
#include "harness/store/statement.hpp"

namespace harness::store {

/// Reads the scores of a task as columns. Part of ScoreStore.
class ScoreColumns {
public:
    explicit ScoreColumns(const Database& database) : database_(database) {}

    /// `scorer`: the task's own. Columns are in the order in which documents first have a score: the task's own, those
    /// of later scorers, means over answers. `use`: see ScoreStore::task_columns.
    TaskColumns read(std::int64_t run_task, std::int64_t scorer, const UseDocument& use);

private:
    /// Where a score comes from, in the order of columns that begin with one document.
    enum class Source { Own, Later, Answers };

    /// A column, and where it begins.
    struct Begun {
        ScoreColumn column;
        std::size_t first_item = 0;
        Source source = Source::Own;
    };

    ItemRanges read_items(std::int64_t run_task, const UseDocument& use, TaskColumns& task);
    void read_scores(Statement& rows, Source source, std::int64_t own_scorer, const ItemRanges& ranges);
    Begun& column_of(std::int64_t scorer, std::string_view metric, Source source, std::size_t item);

    const Database& database_;
    Statement items_{database_, "SELECT id, doc, error FROM item WHERE run_task = ?1 ORDER BY doc"};
    Statement documents_{database_,
                         "SELECT id, doc, error, document, target FROM item WHERE run_task = ?1 ORDER BY doc"};
    // Rows of the items whose ids are in a range: see ItemRanges.
    Statement own_{database_, R"sql(
        SELECT item, metric, value FROM score WHERE item BETWEEN ?1 AND ?2 ORDER BY item, metric)sql"};
    Statement later_{database_, R"sql(
        SELECT item, metric, value, scorer FROM later_score
        WHERE item BETWEEN ?1 AND ?2 ORDER BY item, scorer, metric)sql"};
    Statement answers_{database_, R"sql(
        SELECT item, metric, avg(value), scorer FROM answer_score
        WHERE item BETWEEN ?1 AND ?2 GROUP BY item, scorer, metric ORDER BY item, scorer, metric)sql"};
    // Most runs have no later scores.
    Statement has_later_{database_, "SELECT EXISTS (SELECT 1 FROM later_score)"};
    Statement has_answers_{database_, "SELECT EXISTS (SELECT 1 FROM answer_score)"};
    std::vector<Begun> columns_;
    std::size_t items_read_ = 0;
    std::size_t next_ = 0;  ///< index of the column that the next row most likely belongs to
};

}  // namespace harness::store
