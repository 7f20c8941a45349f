-- What search looks in: one row for each message, note and name, with its words as package words cuts them; and who took
-- part in what. Kept in the transaction of each append. Times: microseconds UTC.

-- +goose Up
CREATE TABLE search_texts (
    id           /*sqlite: INTEGER PRIMARY KEY*/ /*postgres: BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY*/,
    conversation TEXT NOT NULL,
    seq          BIGINT NOT NULL,
    at           BIGINT NOT NULL
    /*postgres: , words TSVECTOR NOT NULL*/
);
CREATE INDEX search_conversation ON search_texts (conversation);
CREATE INDEX search_at ON search_texts (at);
/*sqlite: CREATE VIRTUAL TABLE search_words USING fts5(words, content='', contentless_delete=1, detail=none, prefix='3', tokenize="ascii tokenchars '@'");*/
/*postgres: CREATE INDEX search_words ON search_texts USING gin (words);*/

CREATE TABLE took_part (
    conversation TEXT NOT NULL,
    user_id      TEXT NOT NULL,
    PRIMARY KEY (conversation, user_id)
);
CREATE INDEX took_part_user ON took_part (user_id, conversation);

-- +goose Down
DROP TABLE took_part;
/*sqlite: DROP TABLE search_words;*/
DROP TABLE search_texts;
