-- Who was erased, and when: a backup that is older brings them back, and then they are erased again. No word of them is here.

-- +goose Up
CREATE TABLE erasures (
    visitor TEXT PRIMARY KEY,
    by_id   TEXT NOT NULL,
    why     TEXT NOT NULL,
    at      BIGINT NOT NULL
);
-- For what has been kept for as long as it may be.
CREATE INDEX visitors_created ON visitors (created_at);

-- +goose Down
DROP INDEX visitors_created;
DROP TABLE erasures;
