-- Visitors whom a site vouches for: one of each subject, on as many devices as they have. Times: microseconds UTC, 0 = never.

-- +goose Up
ALTER TABLE visitors ADD COLUMN unverified TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX visitors_verified ON visitors (site, subject) WHERE verified = 1;
CREATE TABLE visitor_tokens (
    hash       TEXT PRIMARY KEY,
    visitor    TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX visitor_tokens_visitor ON visitor_tokens (visitor, created_at);

-- +goose Down
DROP TABLE visitor_tokens;
DROP INDEX visitors_verified;
ALTER TABLE visitors DROP COLUMN unverified;
