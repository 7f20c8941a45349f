-- Sign-in, presence, settings and the record of who changed them. Times: microseconds UTC, 0 = never.

-- +goose Up
CREATE TABLE links (
    hash       TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL
);

CREATE TABLE api_tokens (
    id         TEXT PRIMARY KEY,
    hash       TEXT NOT NULL UNIQUE,
    user_id    TEXT NOT NULL REFERENCES users (id),
    name       TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL
);
CREATE INDEX api_tokens_user ON api_tokens (user_id);

-- data is base64: the two databases have no type for bytes in common.
CREATE TABLE sessions (
    token  TEXT PRIMARY KEY,
    data   TEXT NOT NULL,
    expiry BIGINT NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expiry);

CREATE TABLE presence (
    user_id    TEXT PRIMARY KEY REFERENCES users (id),
    state      TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX presence_expires ON presence (expires_at);

CREATE TABLE policies (
    version BIGINT PRIMARY KEY,
    author  TEXT NOT NULL,
    reason  TEXT NOT NULL,
    at      BIGINT NOT NULL,
    data    TEXT NOT NULL
);

CREATE TABLE audit (
    id     TEXT PRIMARY KEY,
    at     BIGINT NOT NULL,
    by_id  TEXT NOT NULL,
    what   TEXT NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at, id);

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- +goose Down
DROP TABLE settings;
DROP TABLE audit;
DROP TABLE policies;
DROP TABLE presence;
DROP TABLE sessions;
DROP TABLE api_tokens;
DROP TABLE links;
