-- What reports need of a conversation beside what it is now. Times: microseconds UTC, 0 = never.

-- +goose Up
ALTER TABLE conversations ADD COLUMN rating BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN replied_at BIGINT NOT NULL DEFAULT 0;
-- Promises are few: reports find them by time.
CREATE INDEX events_promised ON events (at) WHERE kind = 'promise';

-- +goose Down
DROP INDEX events_promised;
ALTER TABLE conversations DROP COLUMN replied_at;
ALTER TABLE conversations DROP COLUMN rating;
