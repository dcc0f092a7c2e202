-- A run keeps what its numbers need as rows: nothing reads a task's definition again after the run was planned.
-- item, request and score stay as they are: they may hold gigabytes, and readers of an older file could not change them.

-- The run's own device and arithmetic: two runs of one model may differ in them.
ALTER TABLE run ADD COLUMN numerics TEXT NOT NULL DEFAULT '';
ALTER TABLE run ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE run ADD COLUMN driver TEXT NOT NULL DEFAULT '';
ALTER TABLE run ADD COLUMN engine_version TEXT NOT NULL DEFAULT '';
ALTER TABLE run ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
ALTER TABLE run ADD COLUMN warnings TEXT NOT NULL DEFAULT '[]';

-- What gives an output a value: the grader of its task, or what is run over stored outputs later.
CREATE TABLE scorer (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('task', 'import', 'refusal', 'judge', 'reward')),
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    model TEXT NOT NULL,
    prompt_hash TEXT NOT NULL,
    settings TEXT NOT NULL,
    UNIQUE (kind, name, version, model, prompt_hash, settings)
) STRICT;

-- leading: its documents are numbered 0 to planned_items - 1. sample: which ones is known from its items alone.
ALTER TABLE run_task ADD COLUMN kind TEXT NOT NULL DEFAULT 'choice'
    CHECK (kind IN ('choice', 'continuation', 'generate', 'rolling'));
ALTER TABLE run_task ADD COLUMN selection TEXT NOT NULL DEFAULT 'leading' CHECK (selection IN ('leading', 'sample'));
ALTER TABLE run_task ADD COLUMN scorer INTEGER REFERENCES scorer (id);
ALTER TABLE run_task ADD COLUMN generation TEXT NOT NULL DEFAULT '';
ALTER TABLE run_task ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';

CREATE TABLE metric (
    run_task INTEGER NOT NULL REFERENCES run_task (id),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('metric', 'counter')),
    direction TEXT NOT NULL CHECK (direction IN ('higher', 'lower')),
    aggregation TEXT NOT NULL CHECK (aggregation <> ''),
    interval TEXT NOT NULL CHECK (interval <> ''),
    filter TEXT NOT NULL,
    grader_version INTEGER NOT NULL,
    PRIMARY KEY (run_task, position),
    UNIQUE (run_task, name)
) STRICT, WITHOUT ROWID;

-- The groups that a run was asked for, those inside them included; members are tasks and groups of the same run.
CREATE TABLE run_group (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (id),
    name TEXT NOT NULL,
    profile TEXT NOT NULL,
    weighting TEXT NOT NULL CHECK (weighting IN ('documents', 'members', 'none')),
    UNIQUE (run, name)
) STRICT;

CREATE TABLE run_group_member (
    run_group INTEGER NOT NULL REFERENCES run_group (id),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    metric TEXT NOT NULL,
    PRIMARY KEY (run_group, position)
) STRICT, WITHOUT ROWID;

-- `score` holds what the task's own scorer (run_task.scorer) gave an item; why, where there is something to say.
CREATE TABLE explanation (
    item INTEGER NOT NULL REFERENCES item (id),
    metric TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (item, metric)
) STRICT, WITHOUT ROWID;

-- What scorers gave an item that read its stored outputs afterwards.
CREATE TABLE later_score (
    item INTEGER NOT NULL REFERENCES item (id),
    scorer INTEGER NOT NULL REFERENCES scorer (id),
    metric TEXT NOT NULL,
    value REAL,
    explanation TEXT NOT NULL,
    PRIMARY KEY (item, scorer, metric)
) STRICT, WITHOUT ROWID;

-- Prompts that lost tokens on the left.
CREATE TABLE cut (
    item INTEGER NOT NULL REFERENCES item (id),
    position INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    PRIMARY KEY (item, position)
) STRICT, WITHOUT ROWID;

-- What a filter took from an item's outputs: what was graded.
CREATE TABLE answer (
    item INTEGER NOT NULL REFERENCES item (id),
    filter TEXT NOT NULL,
    text BLOB NOT NULL,
    PRIMARY KEY (item, filter)
) STRICT, WITHOUT ROWID;

ALTER TABLE shard ADD COLUMN created TEXT NOT NULL DEFAULT '';
ALTER TABLE shard ADD COLUMN finished TEXT NOT NULL DEFAULT '';

-- From here on: rows of schema 1 and 2. Their plans and definitions are JSON, perhaps damaged; what cannot be read of
-- them is left at its default.

CREATE TEMP TABLE old_run AS
SELECT run.id,
       CASE WHEN json_valid(plan) THEN CASE WHEN json_type(plan) = 'object' THEN plan END END AS plan,
       CASE WHEN json_valid(card) THEN CASE WHEN json_type(card) = 'object' THEN card END END AS card
FROM run LEFT JOIN model ON fingerprint = run.model;

UPDATE run SET
    numerics = coalesce(old.plan ->> '$.numerics', old.card ->> '$.numerics', ''),
    device = coalesce(old.plan ->> '$.device', old.card ->> '$.device', ''),
    settings = coalesce(json_remove(old.plan, '$.tasks', '$.model', '$.variant', '$.device', '$.numerics', '$.content'),
                        '{}')
FROM old_run AS old WHERE old.id = run.id;

CREATE TEMP TABLE old_task AS
SELECT id, task, version,
       CASE WHEN json_valid(definition)
            THEN CASE WHEN json_type(definition) = 'object' THEN definition ELSE '{}' END
            ELSE '{}' END AS definition
FROM run_task;

UPDATE run_task SET
    kind = coalesce(
        (SELECT value FROM json_each(json_array(old.definition ->> '$.kind'))
         WHERE value IN ('choice', 'continuation', 'generate', 'rolling')),
        (SELECT request.kind FROM item JOIN request ON request.item = item.id WHERE item.run_task = run_task.id LIMIT 1),
        'choice'),
    selection = CASE WHEN old.definition = '{}' OR json_type(old.definition, '$.sample') IS NOT NULL
                          OR json_type(old.definition, '$.import') IS NOT NULL THEN 'sample' ELSE 'leading' END
FROM old_task AS old WHERE old.id = run_task.id;

UPDATE run_task SET generation = CASE
    WHEN json_type(old.definition, '$.import') IS NOT NULL
        THEN CASE json_type(old.definition, '$.generation') WHEN 'object' THEN old.definition -> '$.generation' ELSE '' END
    WHEN kind = 'generate' AND old.definition <> '{}'
        THEN json_object('max_gen_toks', coalesce(old.definition ->> '$.max_tokens', 256),
                         'until', json(coalesce(old.definition -> '$.until', '[]')))
    ELSE '' END
FROM old_task AS old WHERE old.id = run_task.id;

INSERT INTO scorer (kind, name, version, model, prompt_hash, settings)
SELECT DISTINCT CASE WHEN json_type(definition, '$.import') IS NULL THEN 'task' ELSE 'import' END, task, version,
       '', '', '{}'
FROM old_task;

UPDATE run_task SET scorer = (
    SELECT scorer.id FROM scorer
    WHERE scorer.name = run_task.task AND scorer.version = run_task.version
      AND scorer.kind = CASE WHEN json_type(old.definition, '$.import') IS NULL THEN 'task' ELSE 'import' END)
FROM old_task AS old WHERE old.id = run_task.id;

-- One row for each metric and counter: the definition's metrics; a log's metrics; the counters that a task of its kind
-- has. `base` is the name without its filter.
CREATE TEMP TABLE old_metric (run_task INTEGER, part INTEGER, place INTEGER, name TEXT, lower INTEGER);

INSERT INTO old_metric
SELECT old.id, 1, entry.key, entry.value, coalesce(old.definition ->> '$.lower_is_better', 0) = 1
FROM old_task AS old, json_each(old.definition, '$.metrics') AS entry
WHERE entry.type = 'text' AND typeof(entry.key) = 'integer';

INSERT INTO old_metric
SELECT old.id, 1, entry.key, entry.value ->> '$.name', coalesce(entry.value ->> '$.higher_is_better', 1) = 0
FROM old_task AS old, json_each(old.definition, '$.metrics') AS entry
WHERE entry.type = 'object' AND typeof(entry.key) = 'integer' AND json_type(entry.value, '$.name') = 'text';

INSERT INTO old_metric
SELECT old.id, 2, entry.key, 'extraction_failed,' || (entry.value ->> '$.name'), 1
FROM old_task AS old, json_each(old.definition, '$.filters') AS entry
WHERE entry.type = 'object' AND typeof(entry.key) = 'integer' AND json_type(entry.value, '$.name') = 'text';

INSERT INTO old_metric
SELECT old.id, 3, counter.key, counter.value, 1
FROM old_task AS old, json_each('["equal_by_value", "equal_unread", "needs_algebra"]') AS counter
WHERE old.definition ->> '$.grader' = 'minerva_equivalent';

INSERT INTO old_metric
SELECT old.id, 4, counter.key, counter.value, 1
FROM old_task AS old JOIN run_task USING (id), json_each('["empty_output", "length_limited"]') AS counter
WHERE kind = 'generate' AND old.definition <> '{}' AND json_type(old.definition, '$.import') IS NULL;

INSERT INTO old_metric
SELECT old.id, 5, 0, 'prompt_truncated', 1
FROM old_task AS old JOIN run_task USING (id)
WHERE kind <> 'rolling' AND old.definition <> '{}' AND json_type(old.definition, '$.import') IS NULL;

-- A definition that names no metric: what the scores are called.
INSERT INTO old_metric
SELECT DISTINCT nameless.id, 6, 0, score.metric, 0
FROM (SELECT id FROM run_task
      WHERE kind <> 'rolling' AND id NOT IN (SELECT run_task FROM old_metric WHERE part = 1)) AS nameless
CROSS JOIN item ON item.run_task = nameless.id CROSS JOIN score ON score.item = item.id;

INSERT INTO old_metric
SELECT run_task.id, 6, name.key, name.value, 1
FROM run_task, json_each('["word_perplexity", "byte_perplexity", "bits_per_byte"]') AS name
WHERE kind = 'rolling' AND run_task.id NOT IN (SELECT run_task FROM old_metric WHERE part = 1);

WITH named AS (
    SELECT old.*, substr(old.name, 1, instr(old.name || ',', ',') - 1) AS base,
           substr(old.name, instr(old.name || ',', ',') + 1) AS filter,
           json_type(old_task.definition, '$.import') IS NOT NULL OR old_task.definition = '{}' AS foreign_task,
           coalesce(old_task.definition ->> '$.grader', '') AS grader,
           coalesce(old_task.definition ->> '$.grader', '') <> '' AS graded, kind
    FROM old_metric AS old JOIN old_task ON old_task.id = old.run_task JOIN run_task ON run_task.id = old.run_task
), described AS (
    SELECT *,
        part BETWEEN 2 AND 5 OR foreign_task AND base IN
            ('extraction_failed', 'equal_by_value', 'equal_unread', 'needs_algebra', 'empty_output', 'length_limited',
             'prompt_truncated') AS counter,
        CASE WHEN name = 'word_perplexity' AND (foreign_task OR kind = 'rolling') THEN 'word_perplexity'
             WHEN name = 'byte_perplexity' AND (foreign_task OR kind = 'rolling') THEN 'byte_perplexity'
             WHEN name = 'bits_per_byte' AND (foreign_task OR kind = 'rolling') THEN 'bits_per_byte'
             WHEN name = 'perplexity' AND (foreign_task OR kind = 'continuation') THEN 'exp_minus_mean'
             WHEN base IN ('best_exact', 'best_f1') AND kind = 'generate' AND NOT foreign_task AND NOT graded THEN base
             ELSE 'mean' END AS aggregation
    FROM named
)
INSERT OR IGNORE INTO metric
SELECT run_task, row_number() OVER (PARTITION BY run_task ORDER BY part, place, name) - 1, name,
       CASE WHEN counter THEN 'counter' ELSE 'metric' END,
       CASE WHEN lower OR aggregation IN ('word_perplexity', 'byte_perplexity', 'bits_per_byte', 'exp_minus_mean')
            THEN 'lower' ELSE 'higher' END,
       aggregation,
       CASE WHEN aggregation IN ('word_perplexity', 'byte_perplexity', 'exp_minus_mean') THEN 'exponential'
            WHEN counter THEN 'share'
            WHEN aggregation = 'bits_per_byte' OR grader IN ('vader', 'none') THEN 'real'
            WHEN graded THEN 'share'
            WHEN base GLOB 'bleu_*' OR base GLOB 'rouge[12L]_*'
                THEN CASE WHEN base GLOB '*_acc' THEN 'share' ELSE 'real' END
            WHEN NOT foreign_task AND part <> 6 THEN 'share'
            WHEN base GLOB 'pass@[0-9]*' OR base IN
                ('acc', 'acc_norm', 'acc_bytes', 'acc_calibrated', 'mc2', 'exact_match', 'exact', 'f1', 'HasAns_exact',
                 'HasAns_f1', 'NoAns_exact', 'NoAns_f1', 'best_exact', 'best_f1', 'quac_f1') THEN 'share'
            ELSE 'real' END,
       filter, CASE WHEN graded AND NOT counter THEN 1 ELSE 0 END
FROM described;

DROP TABLE old_metric;
DROP TABLE old_task;
DROP TABLE old_run;
