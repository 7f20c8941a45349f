-- When a file was last sent, until it is certain that an event tells of it: then 0. Those that nobody is told of are removed.

-- +goose Up
ALTER TABLE files ADD COLUMN tried_at BIGINT NOT NULL DEFAULT 0;
UPDATE files SET tried_at = created_at;
CREATE INDEX files_tried ON files (tried_at) WHERE tried_at > 0;

-- +goose Down
DROP INDEX files_tried;
ALTER TABLE files DROP COLUMN tried_at;
