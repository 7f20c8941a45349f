-- Every message touched a page of an index that only erasures read: they find the texts by their times.

-- +goose Up
DROP INDEX search_conversation;

-- +goose Down
CREATE INDEX search_conversation ON search_texts (conversation);
