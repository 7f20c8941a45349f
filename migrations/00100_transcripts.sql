-- Codes by which the owner of an address confirms that a conversation may be sent there. Times: microseconds UTC, 0 = never.

-- +goose Up
CREATE TABLE transcript_codes (
    id           TEXT PRIMARY KEY,
    visitor      TEXT NOT NULL,
    conversation TEXT NOT NULL,
    email        TEXT NOT NULL,
    hash         TEXT NOT NULL,
    tries        BIGINT NOT NULL,
    created_at   BIGINT NOT NULL
);
CREATE INDEX transcript_codes_visitor ON transcript_codes (visitor, created_at);
CREATE INDEX transcript_codes_email ON transcript_codes (email, created_at);
CREATE INDEX transcript_codes_created ON transcript_codes (created_at);

-- +goose Down
DROP TABLE transcript_codes;
