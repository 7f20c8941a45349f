-- The poll for changes reads the index alone where the index has the conversations. On Postgres it would look into the table all the
-- same: what was stored just now is not yet known to be visible to all.

-- +goose Up
/*sqlite: DROP INDEX events_stored;*/
/*sqlite: CREATE INDEX events_fresh ON events (stored_at, conversation);*/
SELECT 1;

-- +goose Down
/*sqlite: DROP INDEX events_fresh;*/
/*sqlite: CREATE INDEX events_stored ON events (stored_at);*/
SELECT 1;
