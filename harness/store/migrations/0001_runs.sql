CREATE TABLE model (
    fingerprint TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    card TEXT NOT NULL
) STRICT;

CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    plan_hash TEXT NOT NULL UNIQUE,
    plan TEXT NOT NULL,
    model TEXT NOT NULL REFERENCES model (fingerprint),
    variant TEXT NOT NULL,
    created TEXT NOT NULL,
    finished TEXT
) STRICT;

CREATE TABLE run_task (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (id),
    task TEXT NOT NULL,
    version INTEGER NOT NULL,
    profile TEXT NOT NULL,
    fewshot INTEGER NOT NULL,
    definition TEXT NOT NULL,
    planned_items INTEGER NOT NULL,
    UNIQUE (run, task)
) STRICT;

CREATE TABLE item (
    id INTEGER PRIMARY KEY,
    run_task INTEGER NOT NULL REFERENCES run_task (id),
    doc INTEGER NOT NULL,
    document TEXT NOT NULL,
    target TEXT NOT NULL,
    error TEXT NOT NULL,
    UNIQUE (run_task, doc)
) STRICT;

-- Texts of models may be any bytes; tokens are pairs of int32 id and float64 log-probability, little-endian.
CREATE TABLE request (
    item INTEGER NOT NULL REFERENCES item (id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('choice', 'generate', 'rolling')),
    context BLOB NOT NULL,
    continuation BLOB NOT NULL,
    output BLOB NOT NULL,
    finish TEXT NOT NULL,
    logprob REAL NOT NULL,
    greedy INTEGER NOT NULL,
    context_tokens INTEGER NOT NULL,
    tokens BLOB NOT NULL,
    PRIMARY KEY (item, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE score (
    item INTEGER NOT NULL REFERENCES item (id),
    metric TEXT NOT NULL,
    value REAL,
    PRIMARY KEY (item, metric)
) STRICT, WITHOUT ROWID;
