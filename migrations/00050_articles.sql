-- Knowledge articles. A row of articles is the newest version's head; every version stays in article_versions, and none is
-- ever changed. live is the version that the bot draws on, 0 for none. Times: microseconds UTC.

-- +goose Up
CREATE TABLE articles (
    id         TEXT PRIMARY KEY,
    slug       TEXT NOT NULL,
    language   TEXT NOT NULL,
    title      TEXT NOT NULL,
    topics     TEXT NOT NULL,
    state      TEXT NOT NULL,
    version    BIGINT NOT NULL,
    live       BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL,
    UNIQUE (language, slug)
);
CREATE INDEX articles_updated ON articles (updated_at, id);

CREATE TABLE article_versions (
    article  TEXT NOT NULL REFERENCES articles (id),
    version  BIGINT NOT NULL,
    state    TEXT NOT NULL,
    title    TEXT NOT NULL,
    body     TEXT NOT NULL,
    topics   TEXT NOT NULL,
    author   TEXT NOT NULL,
    reason   TEXT NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (article, version)
);
-- What nodes compare to learn that another article is live: the number of versions that are no drafts only grows.
CREATE INDEX article_versions_said ON article_versions (state) WHERE state <> 'draft';

-- +goose Down
DROP TABLE article_versions;
DROP TABLE articles;
