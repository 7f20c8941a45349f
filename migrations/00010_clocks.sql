-- When a conversation's clock is to be looked at next. Times: microseconds UTC, 0 = never.

-- +goose Up
ALTER TABLE conversations ADD COLUMN clock_at BIGINT NOT NULL DEFAULT 0;
UPDATE conversations SET clock_at = due_at WHERE owner <> 'ticket';
CREATE INDEX conversations_clock ON conversations (clock_at) WHERE clock_at > 0;

-- +goose Down
DROP INDEX conversations_clock;
ALTER TABLE conversations DROP COLUMN clock_at;
