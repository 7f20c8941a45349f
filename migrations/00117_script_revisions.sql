-- The highest revision that a draft of the script ever had: no two drafts have the same.

-- +goose Up
CREATE TABLE script_revisions (
    id    BIGINT PRIMARY KEY,
    spent BIGINT NOT NULL
);
INSERT INTO script_revisions (id, spent) SELECT 1, coalesce(max(revision), 0) FROM script_versions;

-- +goose Down
DROP TABLE script_revisions;
