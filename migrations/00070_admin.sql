-- What administrators look at: who changed what by person and by kind, where the widget was seen, and which nodes run.
-- Times: microseconds UTC.

-- +goose Up
CREATE INDEX audit_by ON audit (by_id, at, id);
CREATE INDEX audit_what ON audit (what, at, id);

-- The last time that a page of an origin loaded the widget, opened a chat with it, or was refused.
CREATE TABLE sightings (
    site   TEXT NOT NULL,
    origin TEXT NOT NULL,
    kind   TEXT NOT NULL,
    at     BIGINT NOT NULL,
    PRIMARY KEY (site, origin, kind)
);
CREATE INDEX sightings_at ON sightings (site, at);

CREATE TABLE nodes (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    version    TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL
);
CREATE INDEX nodes_seen ON nodes (seen_at);

-- For the list of what customers said about how it went.
CREATE INDEX events_survey ON events (stored_at, conversation) WHERE kind = 'survey' AND role = 'visitor';

-- +goose Down
DROP INDEX events_survey;
DROP TABLE nodes;
DROP TABLE sightings;
DROP INDEX audit_what;
DROP INDEX audit_by;
