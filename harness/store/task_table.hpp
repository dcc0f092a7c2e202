#pragma once

#include <cstdint>
#include <vector>

#include "harness/store/rows.hpp"
#include "harness/store/scorer_table.hpp"
#include "harness/store/statement.hpp"

namespace harness::store {

/// The rows of a run's tasks, their metrics, and its groups. Part of RunStore.
class TaskTable {
public:
    explicit TaskTable(const Database& database) : database_(database) {}

    /// An existing task of the run is not changed.
    void insert(std::int64_t run, const RunTaskRow& task);
    std::vector<RunTaskRow> tasks(std::int64_t run);
    /// An existing group of the run is not changed.
    void insert(std::int64_t run, const GroupRow& group);
    std::vector<GroupRow> groups(std::int64_t run);

private:
    std::vector<MetricRow> metrics(std::int64_t run_task);

    const Database& database_;
    ScorerTable scorers_{database_};
    Statement add_task_{database_, R"sql(
        INSERT INTO run_task (run, task, version, profile, fewshot, definition, planned_items, kind, selection, scorer,
                              generation, settings)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT DO NOTHING RETURNING id)sql"};
    Statement add_metric_{database_, "INSERT INTO metric VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"};
    Statement tasks_{database_, R"sql(
        SELECT scorer.id, scorer.kind, name, scorer.version, model, prompt_hash, scorer.settings,
               run_task.id, task, run_task.version, profile, fewshot, definition, planned_items, run_task.kind,
               selection, generation, run_task.settings
        FROM run_task LEFT JOIN scorer ON scorer.id = run_task.scorer WHERE run = ?1 ORDER BY run_task.id)sql"};
    Statement metrics_{database_, R"sql(
        SELECT name, kind, direction, aggregation, interval, filter, grader_version
        FROM metric WHERE run_task = ?1 ORDER BY position)sql"};
    Statement add_group_{database_, R"sql(
        INSERT INTO run_group (run, name, profile, weighting) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT DO NOTHING RETURNING id)sql"};
    Statement add_member_{database_, "INSERT INTO run_group_member VALUES (?1, ?2, ?3, ?4)"};
    Statement groups_{database_, R"sql(
        SELECT run_group.id, run_group.name, profile, weighting, member.name, member.metric
        FROM run_group LEFT JOIN run_group_member AS member ON member.run_group = run_group.id
        WHERE run = ?1 ORDER BY run_group.id, member.position)sql"};
};

}  // namespace harness::store
