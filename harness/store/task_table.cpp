#include "harness/store/task_table.hpp"

namespace harness::store {

void TaskTable::insert(std::int64_t run, const RunTaskRow& task) {
    ScorerRow scorer = task.scorer;
    if (scorer.name.empty()) {
        scorer.name = task.task;
        scorer.version = task.version;
    }
    add_task_.bind(run, task.task, task.version, task.profile, task.fewshot, task.definition_json, task.planned_items,
                   task.kind, task.selection, scorers_.id_of(scorer), task.generation_json, task.settings_json);
    if (!add_task_.step()) return;
    const std::int64_t id = add_task_.integer(0);
    add_task_.run();
    for (std::size_t position = 0; position < task.metrics.size(); ++position) {
        const MetricRow& metric = task.metrics[position];
        add_metric_
            .bind(id, position, metric.name, metric.kind, metric.direction, metric.aggregation, metric.interval,
                  metric.filter, metric.grader_version)
            .run();
    }
}

std::vector<RunTaskRow> TaskTable::tasks(std::int64_t run) {
    std::vector<RunTaskRow> rows;
    tasks_.bind(run);
    while (tasks_.step()) {
        rows.push_back({.id = tasks_.integer(7),
                        .task = tasks_.text(8),
                        .version = static_cast<std::uint32_t>(tasks_.count(9)),
                        .profile = tasks_.text(10),
                        .fewshot = static_cast<std::uint32_t>(tasks_.count(11)),
                        .definition_json = tasks_.text(12),
                        .planned_items = tasks_.count(13),
                        .kind = tasks_.text(14),
                        .selection = tasks_.text(15),
                        .generation_json = tasks_.text(16),
                        .settings_json = tasks_.text(17),
                        .metrics = metrics(tasks_.integer(7)),
                        .scorer = ScorerTable::row(tasks_)});
    }
    return rows;
}

std::vector<MetricRow> TaskTable::metrics(std::int64_t run_task) {
    std::vector<MetricRow> rows;
    metrics_.bind(run_task);
    while (metrics_.step()) {
        rows.push_back({.name = metrics_.text(0),
                        .kind = metrics_.text(1),
                        .direction = metrics_.text(2),
                        .aggregation = metrics_.text(3),
                        .interval = metrics_.text(4),
                        .filter = metrics_.text(5),
                        .grader_version = static_cast<std::uint32_t>(metrics_.count(6))});
    }
    return rows;
}

void TaskTable::insert(std::int64_t run, const GroupRow& group) {
    add_group_.bind(run, group.name, group.profile, group.weighting);
    if (!add_group_.step()) return;
    const std::int64_t id = add_group_.integer(0);
    add_group_.run();
    for (std::size_t position = 0; position < group.members.size(); ++position)
        add_member_.bind(id, position, group.members[position].name, group.members[position].metric).run();
}

std::vector<GroupRow> TaskTable::groups(std::int64_t run) {
    std::vector<GroupRow> rows;
    std::int64_t id = 0;
    groups_.bind(run);
    while (groups_.step()) {
        if (rows.empty() || groups_.integer(0) != id) {
            id = groups_.integer(0);
            rows.push_back({groups_.text(1), groups_.text(2), groups_.text(3), {}});
        }
        if (!groups_.is_null(4)) rows.back().members.push_back({groups_.text(4), groups_.text(5)});
    }
    return rows;
}

}  // namespace harness::store
