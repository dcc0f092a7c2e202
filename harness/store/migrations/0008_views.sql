-- Views for people and tools that read the file with SQL of their own; SQL.md describes them. Columns keep their names and
-- meaning; later migrations may add some at the end. Bellwether itself never reads a view. CROSS JOIN keeps SQLite from
-- reading all scores of the file for one run.

DROP VIEW IF EXISTS v_item;
CREATE VIEW v_item AS
SELECT run.id AS run,
       run.variant AS variant,
       run_task.task AS task,
       run_task.version AS version,
       run_task.profile AS profile,
       run_task.fewshot AS fewshot,
       run_task.kind AS kind,
       item.doc AS doc,
       item.document AS document,
       nullif(item.target, '') AS target,
       (SELECT CAST(context AS TEXT) FROM request WHERE request.item = item.id AND position = 0) AS prompt,
       (SELECT CAST(output AS TEXT) FROM request
        WHERE request.item = item.id AND position = 0 AND request.kind = 'generate') AS output,
       (SELECT finish FROM request
        WHERE request.item = item.id AND position = 0 AND request.kind = 'generate') AS finish,
       (SELECT context_tokens FROM request WHERE request.item = item.id AND position = 0) AS prompt_tokens,
       (SELECT count(*) FROM request WHERE request.item = item.id) AS requests,
       nullif(item.error, '') AS error,
       run.plan_hash AS plan,
       item.id AS item
FROM run
CROSS JOIN run_task ON run_task.run = run.id
CROSS JOIN item ON item.run_task = run_task.id;

DROP VIEW IF EXISTS v_score;
CREATE VIEW v_score AS
SELECT run.id AS run,
       run.variant AS variant,
       run_task.task AS task,
       item.doc AS doc,
       NULL AS answer,
       score.metric AS metric,
       metric.kind AS metric_kind,
       metric.direction AS direction,
       coalesce(scorer.kind, 'task') AS scorer_kind,
       coalesce(scorer.name, run_task.task) AS scorer,
       coalesce(scorer.version, run_task.version) AS scorer_version,
       score.value AS value,
       (SELECT text FROM explanation
        WHERE explanation.item = score.item AND explanation.metric = score.metric) AS explanation,
       item.id AS item
FROM run
CROSS JOIN run_task ON run_task.run = run.id
CROSS JOIN item ON item.run_task = run_task.id
CROSS JOIN score ON score.item = item.id
LEFT JOIN metric ON metric.run_task = run_task.id AND metric.name = score.metric
LEFT JOIN scorer ON scorer.id = run_task.scorer
UNION ALL
SELECT run.id, run.variant, run_task.task, item.doc, NULL, later_score.metric, 'metric', NULL, scorer.kind, scorer.name,
       scorer.version, later_score.value, nullif(later_score.explanation, ''), item.id
FROM run
CROSS JOIN run_task ON run_task.run = run.id
CROSS JOIN item ON item.run_task = run_task.id
CROSS JOIN later_score ON later_score.item = item.id
CROSS JOIN scorer ON scorer.id = later_score.scorer
UNION ALL
SELECT run.id, run.variant, run_task.task, item.doc, answer_score.position, answer_score.metric, 'metric', NULL,
       scorer.kind, scorer.name, scorer.version, answer_score.value, nullif(answer_score.explanation, ''), item.id
FROM run
CROSS JOIN run_task ON run_task.run = run.id
CROSS JOIN item ON item.run_task = run_task.id
CROSS JOIN answer_score ON answer_score.item = item.id
CROSS JOIN scorer ON scorer.id = answer_score.scorer;

-- The ratings in force: an undone or skipped one is not there, an edit keeps its place.
DROP VIEW IF EXISTS v_rating;
CREATE VIEW v_rating AS
WITH in_force AS (
    SELECT assignment.id AS assignment,
           assignment.item AS item,
           assignment.rater AS rater,
           assignment.left_slot AS left_slot,
           (SELECT max(at) FROM rating_event WHERE rating_event.assignment = assignment.id) AS last,
           (SELECT min(at) FROM rating_event
            WHERE rating_event.assignment = assignment.id
              AND at > coalesce((SELECT max(at) FROM rating_event AS undone
                                 WHERE undone.assignment = assignment.id AND undone.kind IN ('undo', 'skip')), -1)) AS at
    FROM assignment
), placed AS (
    SELECT in_force.*,
           coalesce((SELECT state FROM rater_state WHERE rater_state.rater = in_force.rater ORDER BY at DESC LIMIT 1),
                    'active') = 'excluded' AS excluded
    FROM in_force WHERE at IS NOT NULL
)
SELECT study.name AS study,
       study.protocol AS protocol,
       study_item.number AS item,
       study_item.kind AS kind,
       study_item.category AS category,
       first.variant AS first_variant,
       second.variant AS second_variant,
       rater.number + 1 AS rater,
       CASE WHEN left_slot = 0 OR protocol NOT IN ('pairwise', 'preference') THEN event.value
            WHEN protocol = 'pairwise' THEN 8 - event.value ELSE 9 - event.value END AS value,
       event.value AS shown_value,
       left_slot = 0 AS first_left,
       event.both_bad AS both_bad,
       CASE WHEN left_slot = 0 THEN event.left_safe ELSE event.right_safe END AS first_safe,
       CASE WHEN left_slot = 0 THEN event.right_safe ELSE event.left_safe END AS second_safe,
       nullif(event.note, '') AS note,
       event.seconds AS seconds,
       strftime('%Y-%m-%dT%H:%M:%SZ', placed.at / 1000, 'unixepoch') AS rated,
       CASE WHEN excluded THEN 'excluded'
            WHEN study_item.kind = 'rated'
                 AND row_number() OVER (PARTITION BY placed.item, excluded ORDER BY placed.at, placed.assignment)
                     > study.raters THEN 'extra'
            ELSE 'counted' END AS standing,
       first.run AS first_plan,
       second.run AS second_plan,
       first.task AS task,
       first.doc AS doc,
       placed.rater AS rater_id
FROM placed
JOIN study_item ON study_item.id = placed.item
JOIN study ON study.id = study_item.study
JOIN rater ON rater.id = placed.rater
JOIN rating_event AS event ON event.assignment = placed.assignment AND event.at = placed.last
LEFT JOIN study_answer AS first ON first.item = study_item.id AND first.slot = 0
LEFT JOIN study_answer AS second ON second.item = study_item.id AND second.slot = 1;

DROP VIEW IF EXISTS v_reward;
CREATE VIEW v_reward AS
SELECT run.id AS run,
       run.variant AS variant,
       run_task.task AS task,
       item.doc AS doc,
       answer_score.position AS answer,
       scorer.name AS reward_model,
       answer_score.metric AS metric,
       answer_score.value AS reward,
       nullif(answer_score.explanation, '') AS explanation,
       (SELECT CASE WHEN json_valid(metrics) THEN metrics ->> '$.beats_baselines' END
        FROM reward_model WHERE reward_model.name = scorer.name) AS beats_baselines,
       item.id AS item
FROM run
CROSS JOIN run_task ON run_task.run = run.id
CROSS JOIN item ON item.run_task = run_task.id
CROSS JOIN answer_score ON answer_score.item = item.id
CROSS JOIN scorer ON scorer.id = answer_score.scorer AND scorer.kind = 'reward';
