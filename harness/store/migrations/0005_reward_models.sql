-- Reward models: a scalar head on the hidden states of a backbone. The head is the artifact that safety/reward writes,
-- with its learning curve.
CREATE TABLE reward_model (
    id          INTEGER PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE CHECK (name <> ''),
    created     TEXT NOT NULL,
    fingerprint TEXT NOT NULL, -- of the backbone, which need not have a run in this file
    backbone    TEXT NOT NULL, -- its name
    head        TEXT NOT NULL,
    data_hash   TEXT NOT NULL, -- of the pairs that it was trained on
    settings    TEXT NOT NULL,
    metrics     TEXT NOT NULL
) STRICT;

-- Where hidden states were taken.
CREATE TABLE hidden_state_source (
    id          INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    numerics    TEXT NOT NULL,
    device      TEXT NOT NULL,
    layer       INTEGER NOT NULL CHECK (layer >= 0),
    pooling     TEXT NOT NULL CHECK (pooling IN ('last', 'mean')),
    UNIQUE (fingerprint, numerics, device, layer, pooling)
) STRICT;

-- A cache: a row that is missing is computed again.
CREATE TABLE hidden_state (
    source INTEGER NOT NULL REFERENCES hidden_state_source,
    tokens TEXT NOT NULL CHECK (length(tokens) = 64), -- SHA-256 (hex) of the ids, int32 little-endian
    state  BLOB NOT NULL,                             -- float32, little-endian
    PRIMARY KEY (source, tokens)
) STRICT;
