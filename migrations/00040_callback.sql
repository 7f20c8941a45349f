-- When a customer is to be called back, as the log's last left message says. Times: microseconds UTC, 0 = never.

-- +goose Up
ALTER TABLE conversations ADD COLUMN callback_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX conversations_callback ON conversations (callback_at) WHERE callback_at > 0;

-- +goose Down
DROP INDEX conversations_callback;
ALTER TABLE conversations DROP COLUMN callback_at;
