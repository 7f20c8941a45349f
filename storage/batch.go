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
	erased   map[string]bool               // of the visitors of closed conversations, who was erased
	calls    map[string]int64              // when whom of the slots that count is to be called, by conversation
	current  map[string]chat.HandoffRecord // the latest handoff, by conversation
	handoffs map[string]chat.HandoffRecord // the changed ones, by id
	events   []chat.Event
	words    []string // of the events, for the index
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

// cautiousBatches is how long a committer looks client ids up beforehand after one came twice: clients that
// lost their connection all send again at about the same time.
const cautiousBatches = 64

// commitBatch answers every request of a batch. A database that refuses the batch as a whole is asked
// again request by request, so that one append cannot fail the others; not so when the commit itself
// failed (it may have happened) or the connection is gone (each try could last until its deadline).
func (db *DB) commitBatch(c *committer, requests []*request) {
	if len(requests) == 0 {
		return
	}
	outcomes, err := db.runBatch(c, requests, c.cautious > 0)
	if c.cautious > 0 {
		c.cautious--
	} else if errors.Is(err, errLookUp) || isUnique(err) {
		c.cautious = cautiousBatches
		outcomes, err = db.runBatch(c, requests, true)
	}
	if err == nil {
		for i, r := range requests {
			r.finish(outcomes[i].result, outcomes[i].err)
		}
		return
	}
	db.mindSync(err)
	if !db.refusedBatch(err) {
		for _, r := range requests {
			r.finish(chat.Appended{}, unavailable(err))
		}
		return
	}
	for _, r := range requests {
		outcomes, err := db.runBatch(c, []*request{r}, true)
		if err != nil {
			r.finish(chat.Appended{}, unavailable(err))
			continue
		}
		r.finish(outcomes[0].result, outcomes[0].err)
	}
}

// errLookUp says that a refusal may be the wrong answer: the append could be a retry of one that is stored.
var errLookUp = errors.New("an append with a client's id was refused unseen")

// commitError is a failed COMMIT, after which nobody knows whether the events are stored.
type commitError struct{ cause error }

func (e *commitError) Error() string { return "commit: " + e.cause.Error() }
func (e *commitError) Unwrap() error { return e.cause }

// runBatch runs one transaction. The connection's deadlines bound it, not a context: a caller
// who goes away must not roll back the appends of others.
//
// With lookUp, client ids are looked up before anything is judged. Without, new ids are taken for new, which
// nearly all are: the unique index finds those that are not, and a refusal is not trusted (errLookUp).
func (db *DB) runBatch(c *committer, requests []*request, lookUp bool) (_ []outcome, err error) {
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
	if err := b.load(ctx, requests, c.known, lookUp); err != nil {
		return nil, err
	}
	outcomes := make([]outcome, len(requests))
	for i, r := range requests {
		accepted := len(b.events)
		outcomes[i].result, outcomes[i].err = b.judge(r.append)
		if len(b.events) > accepted {
			b.words = append(b.words, r.words...)
		}
		if outcomes[i].err != nil && !lookUp && hasClientID(r.append) {
			return nil, errLookUp
		}
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
	c.known.learn(b.rows)
	return outcomes, nil
}

func hasClientID(a chat.Append) bool {
	return slices.ContainsFunc(a.Events, func(e chat.Event) bool { return e.ClientID != "" })
}

// load locks the conversations in order of id, then the visitors who begin some, then the agents whose capacity counts, then the calls, and
// reads all that the appends are judged by. Everybody locks in this order, so nobody waits in a circle.
func (b *batch) load(ctx context.Context, requests []*request, known known, lookUp bool) error {
	b.rows = make(map[string]*change, len(requests))
	var ids, agents, projected []string
	var keys []clientKey
	for _, r := range requests {
		if b.rows[r.append.Conversation] == nil {
			b.rows[r.append.Conversation] = &change{}
			ids = append(ids, r.append.Conversation)
		}
		for _, e := range r.append.Events {
			if key, ok := keyOf(e); ok && lookUp {
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
	if err := b.loadConversations(ctx, ids, known); err != nil {
		return err
	}
	if err := b.loadPrior(ctx, keys); err != nil {
		return err
	}
	if err := b.loadErased(ctx, requests); err != nil {
		return err
	}
	if err := b.loadHeld(ctx, agents); err != nil {
		return err
	}
	if err := b.loadCalls(ctx, requests); err != nil {
		return err
	}
	return b.loadHandoffs(ctx, projected)
}

// loadConversations locks the rows and reads those that this committer does not know in their latest form.
func (b *batch) loadConversations(ctx context.Context, ids []string, known known) error {
	var id string
	var lastSeq, updatedAt int64
	var unknown []string
	err := b.scan(ctx, b.db.stmts.lockConversations, []any{b.db.dialect.listOf(ids)}, []any{&id, &lastSeq, &updatedAt}, func() {
		if c, ok := known.at(id, lastSeq, updatedAt); ok {
			*b.rows[id] = change{before: &c, now: c}
			return
		}
		unknown = append(unknown, id)
	})
	if err != nil {
		return fmt.Errorf("lock conversations: %w", err)
	}
	if len(unknown) == 0 {
		return nil
	}
	var row conversationRow
	err = b.scan(ctx, b.db.stmts.readConversations, []any{b.db.dialect.listOf(unknown)}, targetsOf(&row), func() {
		c := row.conversation()
		*b.rows[c.ID] = change{before: &c, now: c}
	})
	if err != nil {
		return fmt.Errorf("read conversations: %w", err)
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
	var row eventRow
	err = b.scan(ctx, b.db.stmts.findPrior, args, targetsOf(&row), func() {
		e := row.event()
		key, _ := keyOf(e)
		b.prior[key] = e
	})
	if err != nil {
		return fmt.Errorf("find earlier events: %w", err)
	}
	return nil
}

// scan runs a prepared query in the transaction and calls each for every row, scanned into targets.
func (b *batch) scan(ctx context.Context, prepared *sql.Stmt, args, targets []any, each func()) error {
	rows, err := b.tx.StmtContext(ctx, prepared).QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		each()
	}
	return rows.Err()
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
