-- What scorers gave one answer of an item (the request at `position`): each sample of a prompt has its own scores.
CREATE TABLE answer_score (
    item INTEGER NOT NULL REFERENCES item (id),
    position INTEGER NOT NULL CHECK (position >= 0),
    scorer INTEGER NOT NULL REFERENCES scorer (id),
    metric TEXT NOT NULL,
    value REAL,
    explanation TEXT NOT NULL,
    PRIMARY KEY (item, scorer, metric, position)
) STRICT, WITHOUT ROWID;
