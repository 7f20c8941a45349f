-- The log, its projections, and the people who write it. Times: microseconds UTC, 0 = never.

-- +goose Up
CREATE TABLE sites (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    origins       TEXT NOT NULL,
    settings      TEXT NOT NULL,
    identity_keys TEXT NOT NULL
);

CREATE TABLE visitors (
    id         TEXT PRIMARY KEY,
    site       TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    email      TEXT NOT NULL,
    subject    TEXT NOT NULL,
    verified   BIGINT NOT NULL,
    attrs      TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX visitors_subject ON visitors (site, subject) WHERE subject <> '';

CREATE TABLE users (
    id            TEXT PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    grade         TEXT NOT NULL,
    level         BIGINT NOT NULL,
    skills        TEXT NOT NULL,
    languages     TEXT NOT NULL,
    capacity      BIGINT NOT NULL,
    password_hash TEXT NOT NULL,
    disabled      BIGINT NOT NULL,
    session_epoch BIGINT NOT NULL,
    created_at    BIGINT NOT NULL
);

-- The projection of the log: derived by chat.Apply only.
-- Postgres: an append changes no indexed column, so leave room in the page for the row's next version.
CREATE TABLE conversations (
    id           TEXT PRIMARY KEY,
    site         TEXT NOT NULL,
    visitor      TEXT NOT NULL,
    language     TEXT NOT NULL,
    owner        TEXT NOT NULL,
    epoch        BIGINT NOT NULL,
    agent        TEXT NOT NULL,
    agent_name   TEXT NOT NULL,
    level        BIGINT NOT NULL,
    skill        TEXT NOT NULL,
    severity     TEXT NOT NULL,
    reason       TEXT NOT NULL,
    handoff      TEXT NOT NULL,
    topic        TEXT NOT NULL,
    handovers    BIGINT NOT NULL,
    last_seq     BIGINT NOT NULL,
    visitor_seq  BIGINT NOT NULL,
    answered     BIGINT NOT NULL,
    state        TEXT NOT NULL,
    last_text    TEXT NOT NULL,
    last_role    TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    turn_due     BIGINT NOT NULL,
    requested_at BIGINT NOT NULL,
    due_at       BIGINT NOT NULL,
    claimed_at   BIGINT NOT NULL,
    closed_at    BIGINT NOT NULL,
    cause        TEXT NOT NULL,
    outcome      TEXT NOT NULL,
    product      TEXT NOT NULL,
    label        TEXT NOT NULL
) /*postgres: WITH (fillfactor = 60)*/;
CREATE INDEX conversations_queue ON conversations (requested_at, id) WHERE owner IN ('queue', 'ticket');
CREATE INDEX conversations_held ON conversations (agent) WHERE owner = 'agent';
CREATE INDEX conversations_due ON conversations (turn_due) WHERE turn_due > 0;
CREATE INDEX conversations_visitor ON conversations (visitor, created_at);
CREATE INDEX conversations_created ON conversations (created_at, id);

-- The log itself. No foreign key: the appending transaction has read and locked the conversation anyway.
CREATE TABLE events (
    conversation TEXT NOT NULL,
    seq          BIGINT NOT NULL,
    kind         TEXT NOT NULL,
    role         TEXT NOT NULL,
    sender       TEXT NOT NULL,
    client_id    TEXT NOT NULL,
    at           BIGINT NOT NULL,
    stored_at    BIGINT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (conversation, seq)
);
-- A client's own id, unique for ever: a retry can never be stored twice.
CREATE UNIQUE INDEX events_client ON events (conversation, sender, client_id) WHERE client_id <> '';
-- For the slow poll that closes the gaps that lost hints leave.
CREATE INDEX events_stored ON events (stored_at);

-- The projection of the handoff events: derived by chat.ApplyHandoff only.
CREATE TABLE handoffs (
    id           TEXT PRIMARY KEY,
    conversation TEXT NOT NULL,
    site         TEXT NOT NULL,
    visitor      TEXT NOT NULL,
    reason       TEXT NOT NULL,
    severity     TEXT NOT NULL,
    level        BIGINT NOT NULL,
    skill        TEXT NOT NULL,
    language     TEXT NOT NULL,
    topic        TEXT NOT NULL,
    requested_at BIGINT NOT NULL,
    due_at       BIGINT NOT NULL,
    claimed_at   BIGINT NOT NULL,
    agent        TEXT NOT NULL,
    claims       BIGINT NOT NULL,
    escalations  BIGINT NOT NULL,
    ended_at     BIGINT NOT NULL,
    ended        TEXT NOT NULL,
    outcome      TEXT NOT NULL,
    label        TEXT NOT NULL
);
CREATE INDEX handoffs_conversation ON handoffs (conversation, requested_at);
CREATE INDEX handoffs_claimed ON handoffs (claimed_at) WHERE claimed_at > 0;
CREATE INDEX handoffs_requested ON handoffs (requested_at);

-- +goose Down
DROP TABLE handoffs;
DROP TABLE events;
DROP TABLE conversations;
DROP TABLE users;
DROP TABLE visitors;
DROP TABLE sites;
