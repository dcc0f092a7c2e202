-- Which parts of a run were computed here (run --shard part/parts), finished or not: for people who look for what is missing.
CREATE TABLE shard (
    run INTEGER NOT NULL REFERENCES run (id),
    part INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    PRIMARY KEY (run, part, parts)
) STRICT, WITHOUT ROWID;
