-- Every message touched a page of an index that only erasures read: they find the texts by their times, and by the conversation where
-- many share a time.

-- +goose Up
DROP INDEX search_conversation;
DROP INDEX search_at;
CREATE INDEX search_at ON search_texts (at, conversation);

-- +goose Down
DROP INDEX search_at;
CREATE INDEX search_at ON search_texts (at);
CREATE INDEX search_conversation ON search_texts (conversation);
