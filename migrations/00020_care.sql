-- What is owed after the words: complaints with their numbers, and alerts. Times: microseconds UTC, 0 = never.

-- +goose Up
CREATE TABLE complaints (
    number       TEXT PRIMARY KEY,
    year         BIGINT NOT NULL,
    n            BIGINT NOT NULL,
    conversation TEXT NOT NULL UNIQUE,
    by_id        TEXT NOT NULL,
    at           BIGINT NOT NULL,
    due_at       BIGINT NOT NULL,
    UNIQUE (year, n)
);

CREATE TABLE alerts (
    id            TEXT PRIMARY KEY,
    subject       TEXT NOT NULL,
    count         BIGINT NOT NULL,
    expected      DOUBLE PRECISION NOT NULL,
    chance        DOUBLE PRECISION NOT NULL,
    conversations TEXT NOT NULL,
    raised_at     BIGINT NOT NULL,
    ended_at      BIGINT NOT NULL,
    notice        TEXT NOT NULL
);
-- One alert for each subject, whoever looks.
CREATE UNIQUE INDEX alerts_open ON alerts (subject) WHERE ended_at = 0;
CREATE INDEX alerts_raised ON alerts (raised_at);
CREATE INDEX conversations_closed ON conversations (closed_at) WHERE closed_at > 0;

-- +goose Down
DROP INDEX conversations_closed;
DROP TABLE alerts;
DROP TABLE complaints;
