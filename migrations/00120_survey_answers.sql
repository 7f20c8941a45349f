-- Answers are listed by when customers gave them, not by when they were stored: a history that is written later keeps its days.

-- +goose Up
DROP INDEX events_survey;
CREATE INDEX events_survey ON events (at, conversation) WHERE kind = 'survey' AND role = 'visitor';

-- +goose Down
DROP INDEX events_survey;
CREATE INDEX events_survey ON events (stored_at, conversation) WHERE kind = 'survey' AND role = 'visitor';
