package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"ombud/chat"
)

// clientKey is what makes a client's own id unique.
type clientKey struct{ conversation, sender, clientID string }

func keyOf(e chat.Event) (clientKey, bool) {
	return clientKey{e.Conversation, e.Sender, e.ClientID}, e.ClientID != ""
}

// batch is one transaction's view: what it read and locked, and what it is going to write.
type batch struct {
	db       *DB
	tx       *sqlx.Tx
	rows     map[string]*change // by conversation; also those that do not exist yet
	prior    map[clientKey]chat.Event
	held     map[string]int                // chats held, of the agents whose capacity counts
	current  map[string]chat.HandoffRecord // the latest handoff, by conversation
	handoffs map[string]chat.HandoffRecord // the changed ones, by id
	events   []chat.Event
	jobs     []chat.Job
}

// change is a conversation before and after the batch. before is nil if it is new.
type change struct {
	before *chat.Conversation
	now    chat.Conversation
}

// outcome is what becomes of one request if the transaction commits.
type outcome struct {
	result chat.Appended
	err    error
}

// commitBatch answers every request of a batch. A database that refuses the batch as a whole is asked
// again request by request, so that one append cannot fail the others; not so when the commit itself
// failed (it may have happened) or the connection is gone (each try could last until its deadline).
func (db *DB) commitBatch(requests []*request) {
	if len(requests) == 0 {
		return
	}
	outcomes, err := db.runBatch(requests)
	if err == nil {
		for i, r := range requests {
			r.finish(outcomes[i].result, outcomes[i].err)
		}
		return
	}
	if !db.refusedBatch(err) {
		for _, r := range requests {
			r.finish(chat.Appended{}, unavailable(err))
		}
		return
	}
	for _, r := range requests {
		outcomes, err := db.runBatch([]*request{r})
		if err != nil {
			r.finish(chat.Appended{}, unavailable(err))
			continue
		}
		r.finish(outcomes[0].result, outcomes[0].err)
	}
}

// commitError is a failed COMMIT, after which nobody knows whether the events are stored.
type commitError struct{ cause error }

func (e *commitError) Error() string { return "commit: " + e.cause.Error() }
func (e *commitError) Unwrap() error { return e.cause }

// runBatch runs one transaction. The connection's deadlines bound it, not a context: a caller
// who goes away must not roll back the appends of others.
func (db *DB) runBatch(requests []*request) (_ []outcome, err error) {
	ctx := context.Background()
	tx, err := db.commits.BeginTxx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	defer func() {
		if rolled := tx.Rollback(); rolled != nil && !errors.Is(rolled, sql.ErrTxDone) && err != nil {
			err = errors.Join(err, rolled)
		}
	}()
	b := &batch{db: db, tx: tx}
	if err := b.load(ctx, requests); err != nil {
		return nil, err
	}
	outcomes := make([]outcome, len(requests))
	for i, r := range requests {
		outcomes[i].result, outcomes[i].err = b.judge(r.append)
	}
	if len(b.events) == 0 {
		return outcomes, nil
	}
	if err := b.store(ctx); err != nil {
		return nil, err
	}
	if err := tx.Commit(); err != nil {
		return nil, &commitError{cause: err}
	}
	return outcomes, nil
}

// load locks the conversations in order of id, then the agents whose capacity counts, and reads all that the
// appends are judged by. Everybody locks in this order, so nobody waits in a circle.
func (b *batch) load(ctx context.Context, requests []*request) error {
	b.rows = make(map[string]*change, len(requests))
	var ids, agents, projected []string
	var keys []clientKey
	for _, r := range requests {
		if b.rows[r.append.Conversation] == nil {
			b.rows[r.append.Conversation] = &change{}
			ids = append(ids, r.append.Conversation)
		}
		for _, e := range r.append.Events {
			if key, ok := keyOf(e); ok {
				keys = append(keys, key)
			}
			if e.Kind.ForHandoff() {
				projected = append(projected, e.Conversation)
			}
		}
		if r.append.Capacity > 0 {
			if agent := receiver(r.append.Events); agent != "" {
				agents = append(agents, agent)
			}
		}
	}
	slices.Sort(ids)
	if err := b.loadConversations(ctx, ids); err != nil {
		return err
	}
	if err := b.loadPrior(ctx, keys); err != nil {
		return err
	}
	if err := b.loadHeld(ctx, agents); err != nil {
		return err
	}
	return b.loadHandoffs(ctx, projected)
}

func (b *batch) loadConversations(ctx context.Context, ids []string) error {
	rows, err := b.stmt(ctx, b.db.stmts.lockConversations).QueryContext(ctx, b.db.dialect.listOf(ids))
	if err != nil {
		return fmt.Errorf("lock conversations: %w", err)
	}
	defer rows.Close()
	var row conversationRow
	targets := targetsOf(&row)
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return fmt.Errorf("lock conversations: %w", err)
		}
		c := row.conversation()
		*b.rows[c.ID] = change{before: &c, now: c}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("lock conversations: %w", err)
	}
	return nil
}

// loadPrior finds the events that carry a client's id of this batch already.
func (b *batch) loadPrior(ctx context.Context, keys []clientKey) error {
	b.prior = make(map[clientKey]chat.Event, len(keys))
	if len(keys) == 0 {
		return nil
	}
	args, err := b.db.dialect.keysOf(keys)
	if err != nil {
		return err
	}
	rows, err := b.stmt(ctx, b.db.stmts.findPrior).QueryContext(ctx, args...)
	if err != nil {
		return fmt.Errorf("find earlier events: %w", err)
	}
	defer rows.Close()
	var row eventRow
	targets := targetsOf(&row)
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return fmt.Errorf("find earlier events: %w", err)
		}
		e := row.event()
		key, _ := keyOf(e)
		b.prior[key] = e
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("find earlier events: %w", err)
	}
	return nil
}

// loadHeld locks the agents and counts what they hold. On Postgres the lock is what keeps two nodes from
// both seeing a free place; SQLite's transaction is alone anyway.
func (b *batch) loadHeld(ctx context.Context, agents []string) error {
	b.held = make(map[string]int, len(agents))
	if len(agents) == 0 {
		return nil
	}
	agentList := b.db.dialect.listOf(agents)
	if b.db.dialect.isPostgres() {
		if _, err := b.tx.ExecContext(ctx, lockAgents, agentList); err != nil {
			return fmt.Errorf("lock agents: %w", err)
		}
	}
	var counts []struct {
		Agent string `db:"agent"`
		Held  int    `db:"held"`
	}
	if err := b.tx.SelectContext(ctx, &counts, b.db.stmts.countHeld, agentList); err != nil {
		return fmt.Errorf("count held chats: %w", err)
	}
	for _, agent := range agents {
		b.held[agent] = 0
	}
	for _, c := range counts {
		b.held[c.Agent] = c.Held
	}
	return nil
}

func (b *batch) loadHandoffs(ctx context.Context, conversations []string) error {
	b.current, b.handoffs = map[string]chat.HandoffRecord{}, map[string]chat.HandoffRecord{}
	var ids []string
	for _, id := range conversations {
		if c := b.rows[id]; c.before != nil && c.before.Handoff != "" {
			ids = append(ids, c.before.Handoff)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var rows []handoffRow
	if err := b.tx.SelectContext(ctx, &rows, b.db.stmts.loadHandoffs, b.db.dialect.listOf(ids)); err != nil {
		return fmt.Errorf("read handoffs: %w", err)
	}
	for _, r := range rows {
		b.current[r.Conversation] = r.record()
	}
	return nil
}

// stmt is a prepared statement bound to the transaction.
func (b *batch) stmt(ctx context.Context, s *sql.Stmt) *sql.Stmt { return b.tx.StmtContext(ctx, s) }
