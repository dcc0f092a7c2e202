#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/store/item_ranges.hpp"
#include "harness/store/rows.hpp"
#include "harness/store/statement.hpp"

namespace harness::store {

/// The rows of items and everything that belongs to them: requests, scores, filtered answers. Part of RunStore.
class ItemTable {
public:
    explicit ItemTable(const Database& database) : database_(database) {}

    /// An existing item is not changed.
    void insert(std::int64_t run_task, const std::vector<ItemRow>& items);
    /// Numbers of the stored documents, ascending.
    std::vector<std::uint64_t> finished(std::int64_t run_task);
    /// `scorer` is the task's own. At most `limit` items in document order, from the first document number >=
    /// `first_doc`; -1: all.
    std::vector<ItemRow> page(std::int64_t run_task, std::int64_t scorer, std::uint64_t first_doc, std::int64_t limit);
    /// Number of the document at index `offset` in document order; nullopt beyond the end.
    std::optional<std::uint64_t> doc_at(std::int64_t run_task, std::uint64_t offset);

private:
    void insert_one(std::int64_t id, const ItemRow& item);
    void insert_later(std::int64_t id, const ScoreRow& score);
    void read_requests(const ItemRanges& ranges, std::vector<ItemRow>& items);
    void read_scores(const ItemRanges& ranges, std::int64_t scorer, std::vector<ItemRow>& items);
    void read_later_scores(const ItemRanges& ranges, std::vector<ItemRow>& items);
    void read_answers(const ItemRanges& ranges, std::vector<ItemRow>& items);

    const Database& database_;
    Statement add_item_{database_, R"sql(
        INSERT INTO item (run_task, doc, document, target, error) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT DO NOTHING RETURNING id)sql"};
    Statement add_request_{database_, "INSERT INTO request VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"};
    Statement add_cut_{database_, "INSERT INTO cut VALUES (?1, ?2, ?3)"};
    Statement add_score_{database_, "INSERT INTO score VALUES (?1, ?2, ?3)"};
    Statement add_explanation_{database_, "INSERT INTO explanation VALUES (?1, ?2, ?3)"};
    Statement add_later_score_{database_, "INSERT INTO later_score VALUES (?1, ?2, ?3, ?4, ?5)"};
    Statement add_answer_score_{database_, "INSERT INTO answer_score VALUES (?1, ?2, ?3, ?4, ?5, ?6)"};
    Statement add_answer_{database_, "INSERT INTO answer VALUES (?1, ?2, ?3)"};
    Statement finished_{database_, "SELECT doc FROM item WHERE run_task = ?1 ORDER BY doc"};
    Statement page_{database_, R"sql(
        SELECT id, doc, document, target, error
        FROM item WHERE run_task = ?1 AND doc >= ?2 ORDER BY doc LIMIT ?3)sql"};
    Statement doc_at_{database_, "SELECT doc FROM item WHERE run_task = ?1 ORDER BY doc LIMIT 1 OFFSET ?2"};
    // Rows of the items whose ids are in a range: see ItemRanges.
    Statement requests_{database_, R"sql(
        SELECT item, kind, context, continuation, output, finish, logprob, greedy, context_tokens, tokens
        FROM request WHERE item BETWEEN ?1 AND ?2 ORDER BY item, position)sql"};
    Statement cuts_{database_, R"sql(
        SELECT cut.item, (SELECT count(*) FROM request WHERE request.item = cut.item AND request.position < cut.position),
               cut.tokens
        FROM cut CROSS JOIN request USING (item, position) WHERE cut.item BETWEEN ?1 AND ?2 ORDER BY cut.item)sql"};
    Statement scores_{database_, R"sql(
        SELECT item, metric, value FROM score WHERE item BETWEEN ?1 AND ?2 ORDER BY item, metric)sql"};
    Statement explanations_{database_, R"sql(
        SELECT item, metric, text FROM explanation WHERE item BETWEEN ?1 AND ?2 ORDER BY item)sql"};
    Statement later_{database_, R"sql(
        SELECT item, scorer, metric, NULL, value, explanation FROM later_score WHERE item BETWEEN ?1 AND ?2
        UNION ALL SELECT item, scorer, metric, position, value, explanation
                  FROM answer_score WHERE item BETWEEN ?1 AND ?2
        ORDER BY 1, 2, 3, 4)sql"};
    Statement answers_{database_, R"sql(
        SELECT item, filter, text FROM answer WHERE item BETWEEN ?1 AND ?2 ORDER BY item, filter)sql"};
};

}  // namespace harness::store
