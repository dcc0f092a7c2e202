-- How far a scorer agrees with people, measured on a file of labels or of preferences. Measuring again with the same file replaces the row.
CREATE TABLE scorer_accuracy (
    scorer      INTEGER NOT NULL REFERENCES scorer (id),
    scale       TEXT NOT NULL CHECK (scale IN ('refusal', 'harm', 'rating', 'preference')),
    labels_hash TEXT NOT NULL CHECK (length(labels_hash) = 64), -- SHA-256 (hex) of the file
    labels      TEXT NOT NULL,                                  -- its name
    items       INTEGER NOT NULL CHECK (items > 0),             -- labelled answers or pairs that the scorer gave a value
    metrics     TEXT NOT NULL,
    created     TEXT NOT NULL,
    PRIMARY KEY (scorer, scale, labels_hash)
) STRICT, WITHOUT ROWID;

-- Which of two stored answers to one prompt a judge prefers, asked with either answer shown first.
CREATE TABLE pair_judgement (
    scorer      INTEGER NOT NULL REFERENCES scorer (id),
    item_a      INTEGER NOT NULL REFERENCES item (id),
    position_a  INTEGER NOT NULL CHECK (position_a >= 0), -- of the request whose output is answer a
    item_b      INTEGER NOT NULL REFERENCES item (id),
    position_b  INTEGER NOT NULL CHECK (position_b >= 0),
    first       TEXT NOT NULL CHECK (first IN ('a', 'b')), -- the answer that was shown first
    preference  REAL CHECK (preference BETWEEN 0 AND 1),   -- 1: answer a, 0: answer b; NULL: the judge did not tell
    explanation TEXT NOT NULL,
    PRIMARY KEY (scorer, item_a, position_a, item_b, position_b, first)
) STRICT, WITHOUT ROWID;
