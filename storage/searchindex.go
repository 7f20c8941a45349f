package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pressly/goose/v3"

	"ombud/chat"
	"ombud/storage/words"
)

// customerMark stands before the words of a customer's name and address in the index, beside the plain ones.
const customerMark = "@"

// searchText is what can be found of an event: what was said, and what a customer is called.
func searchText(kind chat.Kind, body []byte) (said, customer string) {
	var b struct{ Text, Name, Email, Phone string }
	switch kind {
	case chat.KindMessage, chat.KindNote, chat.KindLeftMessage, chat.KindVisitorIdentified:
		if json.Unmarshal(body, &b) != nil {
			return "", ""
		}
	}
	switch kind {
	case chat.KindMessage, chat.KindNote:
		return b.Text, ""
	case chat.KindLeftMessage:
		return b.Text, strings.TrimSpace(b.Email + " " + b.Phone)
	case chat.KindVisitorIdentified:
		return "", strings.TrimSpace(b.Name + " " + b.Email)
	}
	return "", ""
}

// searchWords gives the words of an event as the index keeps them; "" for what nobody looks for.
func searchWords(kind chat.Kind, body []byte) string {
	said, customer := searchText(kind, body)
	all := words.Index(strings.TrimSpace(said + " " + customer))
	if names := words.Index(customer); names != "" {
		all += " " + customerMark + strings.ReplaceAll(names, " ", " "+customerMark)
	}
	return all
}

// searchWordsOf gives the words of each event.
func searchWordsOf(events []chat.Event) []string {
	all := make([]string, len(events))
	for i, e := range events {
		all[i] = searchWords(e.Kind, e.Body)
	}
	return all
}

// tookPart gives who took part by an event: who wrote it, and whom the conversation was passed to.
func tookPart(e chat.Event) []string {
	var users []string
	if e.Role == chat.RoleAgent && e.Sender != "" {
		users = append(users, e.Sender)
	}
	if e.Kind == chat.KindHandoffTransferred {
		var t chat.Transferred
		if json.Unmarshal(e.Body, &t) == nil && t.To != "" {
			users = append(users, t.To)
		}
	}
	return users
}

// indexing writes the index's rows. Postgres takes [conversation, seq, at, words]; SQLite takes the first three of them
// behind an id, and the words with the same id.
type indexing struct {
	texts, words, parts writing
}

func (d dialect) insertSearchTexts(source string) string {
	if d.isPostgres() {
		return `INSERT INTO search_texts (conversation, seq, at, words) SELECT u.column1, u.column2, u.column3,
			array_to_tsvector(string_to_array(u.column4, ' ')) FROM ` + source
	}
	return d.orFail(`INSERT`) + ` INTO search_texts (id, conversation, seq, at) SELECT u.* FROM ` + source
}

func insertSearchWords(source string) string {
	return `INSERT INTO search_words (rowid, words) SELECT u.* FROM ` + source
}

func insertTookPart(source string) string {
	return `INSERT INTO took_part (conversation, user_id) SELECT u.* FROM ` + source + ` WHERE true ON CONFLICT DO NOTHING`
}

func (db *DB) prepareIndexing(ctx context.Context) error {
	text := []any{"", int64(0), int64(0), ""}
	if !db.dialect.isPostgres() {
		text = []any{int64(0), "", int64(0), int64(0)}
		if err := db.prepareWriting(ctx, &db.stmts.index.words, insertSearchWords, []any{int64(0), ""}); err != nil {
			return err
		}
	}
	if err := db.prepareWriting(ctx, &db.stmts.index.texts, db.dialect.insertSearchTexts, text); err != nil {
		return err
	}
	return db.prepareWriting(ctx, &db.stmts.index.parts, insertTookPart, []any{"", ""})
}

// indexRow is one text to be found.
type indexRow struct {
	conversation string
	seq, at      int64
	words        string
}

// storeIndex makes the batch's events findable.
func (b *batch) storeIndex(ctx context.Context) error {
	var rows []indexRow
	var parts [][]any
	known := map[[2]string]bool{}
	for i, e := range b.events {
		if w := b.words[i]; w != "" {
			rows = append(rows, indexRow{e.Conversation, e.Seq, toMicros(e.At), w})
		}
		for _, user := range tookPart(e) {
			if key := [2]string{e.Conversation, user}; !known[key] {
				known[key] = true
				parts = append(parts, []any{e.Conversation, user})
			}
		}
	}
	if err := b.write(ctx, b.db.stmts.index.parts, parts); err != nil {
		return fmt.Errorf("note who took part: %w", err)
	}
	if len(rows) == 0 {
		return nil
	}
	if b.db.dialect.isPostgres() {
		texts := make([][]any, len(rows))
		for i, r := range rows {
			texts[i] = []any{r.conversation, r.seq, r.at, r.words}
		}
		return b.write(ctx, b.db.stmts.index.texts, texts)
	}
	// The transaction is the only writer, so the next id is free.
	var last int64
	if err := b.tx.GetContext(ctx, &last, `SELECT coalesce(max(id), 0) FROM search_texts`); err != nil {
		return fmt.Errorf("number search texts: %w", err)
	}
	texts, found := make([][]any, len(rows)), make([][]any, len(rows))
	for i, r := range rows {
		id := last + int64(i) + 1
		texts[i], found[i] = []any{id, r.conversation, r.seq, r.at}, []any{id, r.words}
	}
	if err := b.write(ctx, b.db.stmts.index.texts, texts); err != nil {
		return fmt.Errorf("store search texts: %w", err)
	}
	return b.write(ctx, b.db.stmts.index.words, found)
}

// fillSearch is the migration that makes findable what was stored before there was an index: the words are cut by the
// same code as ever after, which SQL could not do.
func fillSearch(name string) *goose.Migration {
	return goose.NewGoMigration(62, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
		return backfill(ctx, tx, name == postgresName)
	}}, &goose.GoFunc{RunTx: func(context.Context, *sql.Tx) error { return nil }})
}

const backfillPage = 1000

type backfillRow struct {
	indexRow
	kind, role, sender, body string
	storedAt                 int64
}

// backfill walks the log in the order in which it was stored, so that newer texts get higher ids.
func backfill(ctx context.Context, tx *sql.Tx, postgres bool) error {
	after := backfillRow{storedAt: -1}
	for id := int64(1); ; {
		page, err := backfillRead(ctx, tx, postgres, after)
		if err != nil {
			return fmt.Errorf("read the log for search: %w", err)
		}
		for _, r := range page {
			e := chat.Event{Kind: chat.Kind(r.kind), Role: chat.Role(r.role), Sender: r.sender, Body: []byte(r.body)}
			for _, user := range tookPart(e) {
				if _, err := tx.ExecContext(ctx, numbered(`INSERT INTO took_part (conversation, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING`, postgres), r.conversation, user); err != nil {
					return fmt.Errorf("note who took part: %w", err)
				}
			}
			if r.words = searchWords(e.Kind, e.Body); r.words == "" {
				continue
			}
			if err := backfillWrite(ctx, tx, postgres, id, r.indexRow); err != nil {
				return fmt.Errorf("fill the index: %w", err)
			}
			id++
		}
		if len(page) < backfillPage {
			return nil
		}
		after = page[len(page)-1]
	}
}

func backfillRead(ctx context.Context, tx *sql.Tx, postgres bool, after backfillRow) ([]backfillRow, error) {
	rows, err := tx.QueryContext(ctx, numbered(`SELECT conversation, seq, at, stored_at, kind, role, sender, body FROM events
		WHERE (stored_at, conversation, seq) > (?, ?, ?) ORDER BY stored_at, conversation, seq LIMIT ?`, postgres),
		after.storedAt, after.conversation, after.seq, backfillPage)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var page []backfillRow
	for rows.Next() {
		var r backfillRow
		if err := rows.Scan(&r.conversation, &r.seq, &r.at, &r.storedAt, &r.kind, &r.role, &r.sender, &r.body); err != nil {
			return nil, err
		}
		page = append(page, r)
	}
	return page, rows.Err()
}

func backfillWrite(ctx context.Context, tx *sql.Tx, postgres bool, id int64, r indexRow) error {
	if postgres {
		_, err := tx.ExecContext(ctx, `INSERT INTO search_texts (conversation, seq, at, words)
			VALUES ($1, $2, $3, array_to_tsvector(string_to_array($4, ' ')))`, r.conversation, r.seq, r.at, r.words)
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO search_texts (id, conversation, seq, at) VALUES (?, ?, ?, ?)`, id, r.conversation, r.seq, r.at); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO search_words (rowid, words) VALUES (?, ?)`, id, r.words)
	return err
}

// numbered writes the ? of a statement as $1, $2 … for Postgres.
func numbered(query string, postgres bool) string {
	if !postgres {
		return query
	}
	var b strings.Builder
	n := 0
	for _, r := range query {
		if r == '?' {
			n++
			fmt.Fprintf(&b, "$%d", n)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
