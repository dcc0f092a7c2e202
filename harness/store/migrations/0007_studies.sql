-- Studies in which people rate answers. Rows are never changed, except where a comment says so. Times are Unix time in
-- milliseconds.
CREATE TABLE study (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE CHECK (name <> ''),
    hash       TEXT NOT NULL UNIQUE CHECK (length(hash) = 64), -- SHA-256 of definition and items: the study in every file
    protocol   TEXT NOT NULL CHECK (protocol IN ('pairwise', 'safety', 'preference', 'harm', 'refusal')),
    raters     INTEGER NOT NULL CHECK (raters > 0),            -- ratings of an item that count, at most
    source     TEXT NOT NULL CHECK (source IN ('page', 'import')),
    definition TEXT NOT NULL,
    opened     INTEGER NOT NULL
) STRICT;

CREATE TABLE study_state (
    study INTEGER NOT NULL REFERENCES study (id),
    at    INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'paused', 'closed')),
    note  TEXT NOT NULL,
    PRIMARY KEY (study, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE study_item (
    id       INTEGER PRIMARY KEY,
    study    INTEGER NOT NULL REFERENCES study (id),
    number   INTEGER NOT NULL CHECK (number >= 0),
    kind     TEXT NOT NULL CHECK (kind IN ('rated', 'gold', 'attention', 'practice')),
    category TEXT NOT NULL,
    prompt   TEXT NOT NULL CHECK (length(prompt) = 64), -- SHA-256 of the turns
    turns    TEXT NOT NULL,
    low      INTEGER,                                   -- right answers are low to high; NULL: no answer is right
    high     INTEGER,
    feedback TEXT NOT NULL,
    CHECK ((low IS NULL) = (high IS NULL)),
    UNIQUE (study, number)
) STRICT;

-- One answer of a safety item, two of the others. `shown` is NULL where raters see `text` itself.
CREATE TABLE study_answer (
    item     INTEGER NOT NULL REFERENCES study_item (id),
    slot     INTEGER NOT NULL CHECK (slot IN (0, 1)),
    variant  TEXT NOT NULL,
    run      TEXT NOT NULL, -- plan hash; '': from no run
    task     TEXT NOT NULL,
    doc      INTEGER NOT NULL,
    position INTEGER NOT NULL,
    text     BLOB NOT NULL,
    shown    BLOB,
    changes  TEXT NOT NULL,
    PRIMARY KEY (item, slot)
) STRICT, WITHOUT ROWID;

CREATE TABLE rater (
    id      TEXT PRIMARY KEY,
    study   INTEGER NOT NULL REFERENCES study (id),
    number  INTEGER NOT NULL, -- order of invitation
    note    TEXT NOT NULL,    -- for the lead: a name, a group
    created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE rater_state (
    rater  TEXT NOT NULL REFERENCES rater (id),
    at     INTEGER NOT NULL,
    state  TEXT NOT NULL CHECK (state IN ('active', 'excluded')),
    reason TEXT NOT NULL,
    PRIMARY KEY (rater, at)
) STRICT, WITHOUT ROWID;

-- A link for a rater; of its token only the SHA-256 is kept. `used` is set once.
CREATE TABLE invitation (
    token   TEXT PRIMARY KEY CHECK (length(token) = 64),
    rater   TEXT NOT NULL REFERENCES rater (id),
    created INTEGER NOT NULL,
    used    INTEGER
) STRICT, WITHOUT ROWID;

-- A rater at a browser; of its secret only the SHA-256 is kept. `ended` is set once.
CREATE TABLE rater_session (
    id      TEXT PRIMARY KEY,
    secret  TEXT NOT NULL UNIQUE CHECK (length(secret) = 64),
    rater   TEXT NOT NULL REFERENCES rater (id),
    started INTEGER NOT NULL,
    ended   INTEGER
) STRICT, WITHOUT ROWID;

-- An item given to a rater, once for each pair of them. `lease_until` is moved forward while the rater works on it.
CREATE TABLE assignment (
    id          TEXT PRIMARY KEY, -- random: all that a browser sees of the item
    item        INTEGER NOT NULL REFERENCES study_item (id),
    rater       TEXT NOT NULL REFERENCES rater (id),
    left_slot   INTEGER NOT NULL CHECK (left_slot IN (0, 1)),
    assigned    INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    UNIQUE (item, rater)
) STRICT, WITHOUT ROWID;

-- What a rater did; the last one of an assignment counts. `value` is as it was pressed: on the left answer's side.
CREATE TABLE rating_event (
    assignment TEXT NOT NULL REFERENCES assignment (id),
    at         INTEGER NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('submit', 'edit', 'undo', 'skip')),
    session    TEXT NOT NULL, -- of rater_session; '': imported
    value      INTEGER,
    both_bad   INTEGER,
    left_safe  INTEGER,
    right_safe INTEGER,
    reason     TEXT NOT NULL, -- of a skip
    note       TEXT NOT NULL,
    seconds    REAL NOT NULL CHECK (seconds >= 0), -- at work, pauses left out
    standing   TEXT NOT NULL CHECK (standing IN ('', 'late', 'extra')), -- when it was stored
    CHECK ((kind IN ('submit', 'edit')) = (value IS NOT NULL)),
    PRIMARY KEY (assignment, at)
) STRICT, WITHOUT ROWID;

-- An answer that is not submitted yet. Replaced by every change.
CREATE TABLE rating_draft (
    assignment TEXT PRIMARY KEY REFERENCES assignment (id),
    at         INTEGER NOT NULL,
    value      INTEGER,
    both_bad   INTEGER,
    left_safe  INTEGER,
    right_safe INTEGER,
    note       TEXT NOT NULL,
    seconds    REAL NOT NULL CHECK (seconds >= 0)
) STRICT, WITHOUT ROWID;
