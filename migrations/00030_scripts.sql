-- The bot's script as drafts and published versions. Times: microseconds UTC.

-- +goose Up
-- Version -1 is the draft, and revision counts its savings; the version that is built in has no row.
CREATE TABLE script_versions (
    version  BIGINT PRIMARY KEY,
    base     BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    author   TEXT NOT NULL,
    reason   TEXT NOT NULL,
    at       BIGINT NOT NULL
);

CREATE TABLE script_files (
    version BIGINT NOT NULL,
    path    TEXT NOT NULL,
    hash    TEXT NOT NULL,
    PRIMARY KEY (version, path)
);
CREATE INDEX script_files_hash ON script_files (hash);

-- A version changes few files: each text is kept once.
CREATE TABLE script_texts (
    hash TEXT PRIMARY KEY,
    body TEXT NOT NULL
);

-- +goose Down
DROP TABLE script_texts;
DROP TABLE script_files;
DROP TABLE script_versions;
