-- Who is an expert in which product: a JSON list of product ids.

-- +goose Up
ALTER TABLE users ADD COLUMN products TEXT NOT NULL DEFAULT '[]';

-- +goose Down
ALTER TABLE users DROP COLUMN products;
