-- Which nodes that do jobs are alive: each renews its lease every few seconds, by the database's clock. Whoever finds one that has
-- run out takes the row away and the node's jobs back into the line. Times: microseconds UTC.

-- +goose Up
CREATE TABLE job_leases (
    node    TEXT PRIMARY KEY,
    seen_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE job_leases;
