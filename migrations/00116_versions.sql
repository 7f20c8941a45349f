-- What admins change by form has a version: a change that was made from an older one is refused.

-- +goose Up
ALTER TABLE users ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE sites ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

-- +goose Down
ALTER TABLE sites DROP COLUMN version;
ALTER TABLE users DROP COLUMN version;
