-- What people send along: pictures and PDFs, small enough to lie beside the log. Times: microseconds UTC, 0 = never.

-- +goose Up
CREATE TABLE files (
    id           TEXT PRIMARY KEY,
    conversation TEXT NOT NULL,
    role         TEXT NOT NULL,
    sender       TEXT NOT NULL,
    client_id    TEXT NOT NULL,
    name         TEXT NOT NULL,
    type         TEXT NOT NULL,
    size         BIGINT NOT NULL,
    width        BIGINT NOT NULL,
    height       BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    data         BYTEA NOT NULL,
    -- A retry finds what it stored before. Also serves the count of a conversation's files.
    UNIQUE (conversation, sender, client_id)
);

-- +goose Down
DROP TABLE files;
