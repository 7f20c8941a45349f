package storage_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ombud/chat"
	"ombud/storage"
	"ombud/storage/storagetest"
)

// planted hands out markers, each to be found nowhere once its visitor is erased.
type planted struct{ n int }

func (p *planted) next() string { p.n++; return fmt.Sprintf("qzx%dmarker", p.n) }

// plant writes a visitor with markers wherever words of theirs can stand, and gives the number of conversations.
func (p *planted) plant(t *testing.T, db *storage.DB, visitor string) {
	t.Helper()
	ctx, m := t.Context(), p.next
	refused(t, "visitor", db.CreateVisitor(ctx, chat.Visitor{ID: visitor, Site: "demo", TokenHash: m(), Name: m(), Email: m() + "@example.com", Subject: m(), Verified: true,
		Attrs: map[string]string{m(): m()}, Unverified: map[string]string{m(): m()}, CreatedAt: start}), nil)
	refused(t, "device", db.AddVisitorToken(ctx, visitor, m(), start), nil)
	handoff := chat.Handoff{ID: visitor + "-h", Reason: "anger", Severity: chat.SeverityHigh, Level: 1, Skill: "billing", Evidence: []chat.Evidence{{Signal: "anger", Seq: 2, Quote: m()}}}
	message := func(role chat.Role, sender, name string) chat.Event {
		return event(chat.KindMessage, role, sender, chat.Message{Text: "I am " + m(), Name: name, QuickReplies: []chat.QuickReply{{Label: m(), Text: m()}}, Cites: []chat.Cited{{Title: m()}}})
	}
	raw := func(kind chat.Kind, role chat.Role, body string) chat.Event {
		return event(kind, role, "", json.RawMessage(fmt.Sprintf(body, m())))
	}
	first, second := visitor+"-c1", visitor+"-c2"
	add(t, db, first, event(chat.KindOpened, chat.RoleSystem, "", chat.Opened{Site: "demo", Visitor: visitor, Locale: "hu", Page: "https://shop.example/" + m()}),
		withID(event(chat.KindVisitorIdentified, chat.RoleSystem, "", chat.Identified{Name: m(), Email: m(), Verified: true, Attrs: map[string]string{"a": m()}}), "identity:"+m()),
		message(chat.RoleVisitor, visitor, ""), raw(chat.KindAssessment, chat.RoleBot, `{"signals":[{"evidence":%q}]}`),
		event(chat.KindDecision, chat.RoleBot, "", chat.Decision{Action: "handoff", UpTo: 3, State: json.RawMessage(`{"facts":{"order":"` + m() + `"}}`), Record: json.RawMessage(`{"quote":"` + m() + `"}`)}),
		event(chat.KindHandoffRequested, chat.RoleBot, "", handoff), raw(chat.KindBrief, chat.RoleBot, `{"matter":%q}`),
		event(chat.KindHandoffClaimed, chat.RoleAgent, "ann", chat.Claimed{Handoff: handoff.ID, Agent: "ann", Name: "Ann"}),
		message(chat.RoleAgent, "ann", "Ann"), event(chat.KindNote, chat.RoleAgent, "ann", chat.Note{Text: m(), Name: "Ann"}),
		event(chat.KindOffer, chat.RoleAgent, "ann", chat.Offer{ID: "o", Remedy: "refund", Worth: 100, Text: m(), State: "offered"}),
		event(chat.KindPromise, chat.RoleAgent, "ann", chat.Promise{ID: "p", Text: m(), DueAt: start, State: "open"}),
		event(chat.KindHandoffTransferred, chat.RoleAgent, "ann", chat.Transferred{Handoff: handoff.ID, To: "bea", ToName: "Bea", Word: m()}),
		event(chat.KindHandoffEscalated, chat.RoleAgent, "bea", chat.Escalated{Handoff: handoff.ID, Level: 2, Reason: m()}),
		event(chat.KindLeftMessage, chat.RoleVisitor, visitor, chat.LeftMessage{Text: m(), Email: m(), Phone: m(), Zone: "Europe/Budapest"}),
		event(chat.KindClosed, chat.RoleAgent, "bea", chat.Closed{By: "bea", Name: "Bea", Cause: "billing", Product: m(), Outcome: "settled"}),
		event(chat.KindSurvey, chat.RoleVisitor, visitor, chat.Survey{ID: "s", State: "answered", Rating: 2, Text: m()}),
		raw("something_new", chat.RoleSystem, `{"site":%q}`))
	must(db.AddFile(ctx, chat.File{ID: visitor + "-f", Conversation: first, Role: chat.RoleVisitor, Sender: visitor, ClientID: "f", Name: m(), Type: "application/pdf",
		Size: 20, CreatedAt: start, Data: []byte("%PDF " + m())}, chat.Quota{Files: 9, Bytes: 1 << 20}))(t)
	add(t, db, second, opened(visitor), message(chat.RoleVisitor, visitor, ""),
		event(chat.KindFile, chat.RoleVisitor, visitor, chat.Attached{File: visitor + "-f", FileName: m(), Type: "application/pdf", Size: 20})) // and open
}

// remains looks for markers in everything that the database keeps.
func remains(t *testing.T, db *storage.DB, url string) []string {
	t.Helper()
	if !strings.HasPrefix(url, "postgres") {
		var found []string
		paths, err := filepath.Glob(url + "*")
		if err != nil || len(paths) == 0 {
			t.Fatalf("no files at %s: %v", url, err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for at := bytes.Index(data, []byte("qzx")); at >= 0; at = -1 {
				found = append(found, fmt.Sprintf("%s: %q", filepath.Base(path), data[max(0, at-40):min(at+60, len(data))]))
			}
		}
		return found
	}
	var tables, found []string
	rows, err := db.Pool().Query(`SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		var n int
		if err := db.Pool().QueryRow(`SELECT count(*) FROM "` + table + `" AS x WHERE x::text LIKE '%qzx%' OR x::text LIKE '%` + fmt.Sprintf("%x", "qzx") + `%'`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			found = append(found, fmt.Sprint(table, ": ", n, " rows"))
		}
	}
	return found
}

func TestNothingRemainsOfAVisitorWhoIsErased(t *testing.T) {
	storagetest.EachURL(t, func(t *testing.T, url string) {
		db, ctx := storagetest.Open(t, url), t.Context()
		addUser(t, db, "ann")
		addUser(t, db, "bea")
		var p planted
		p.plant(t, db, "v1")
		if p.n < 40 {
			t.Errorf("only %d markers", p.n)
		}
		if len(remains(t, db, url)) == 0 {
			t.Fatal("the markers cannot be found before the erasure either")
		}
		add(t, db, "other-c", opened("other"), say("other", "x", "stays here"))
		other := must(db.Conversation(ctx, "other-c"))(t)
		before := map[string]int64{"v1-c1": 18, "v1-c2": 3}
		n, err := db.EraseVisitor(ctx, "v1", chat.Erasure{By: "root", Why: chat.ErasedAsked}, start.Add(time.Hour))
		if err != nil || n != 2 {
			t.Fatalf("%d conversations: %v", n, err)
		}
		refused(t, "scrub", db.Scrub(ctx), nil)
		if found := remains(t, db, url); len(found) > 0 {
			t.Errorf("still there: %v", found)
		}
		for id, events := range before {
			c := must(db.Conversation(ctx, id))(t)
			if c.Owner != chat.OwnerClosed || c.State != nil || strings.Contains(c.LastText, "qzx") {
				t.Errorf("%+v", c)
			}
			refused(t, "verify "+id, db.Verify(ctx, id), nil)
			log := must(db.Events(ctx, id, 0, 100))(t)
			for i, e := range log {
				if e.Seq != int64(i+1) {
					t.Fatalf("%s: seq %d at %d", id, e.Seq, i)
				}
			}
			if last := log[len(log)-1]; last.Kind != chat.KindErased || string(last.Body) != `{"by":"root","why":"asked"}` || int64(len(log)) <= events {
				t.Errorf("%s ends with %+v of %d", id, last, len(log))
			}
		}
		c := must(db.Conversation(ctx, "v1-c1"))(t)
		if c.Cause != "billing" || c.Rating != 2 || c.Handovers == 0 || c.RequestedAt.IsZero() {
			t.Errorf("what reports count is gone as well: %+v", c)
		}
		same(t, "others stay", must(db.Conversation(ctx, "other-c"))(t), other)
		_, err = db.Visitor(ctx, "v1")
		refused(t, "the visitor", err, chat.ErrNotFound)
		entries := must(db.AuditPage(ctx, chat.AuditQuery{What: "visitor.erase", Limit: 10}))(t)
		if len(entries) != 1 || entries[0].By != "root" || entries[0].Object != "v1" || string(entries[0].Detail) != `{"conversations":2,"why":"asked"}` {
			t.Errorf("the audit log says %+v", entries)
		}
		// What is appended later is derived from the erased row, not from one that was remembered.
		add(t, db, "v1-c1", event(chat.KindNote, chat.RoleAgent, "ann", chat.Note{Text: "after"}))
		refused(t, "verify after an append", db.Verify(ctx, "v1-c1"), nil)
		same(t, "listed", must(db.Erasures(ctx))(t), []string{"v1"})
		_, err = db.EraseVisitor(ctx, "nobody", chat.Erasure{Why: chat.ErasedAsked}, start)
		refused(t, "nobody", err, chat.ErrNotFound)
		again := int64(len(must(db.Events(ctx, "v1-c2", 0, 100))(t)))
		must(db.EraseVisitor(ctx, "v1", chat.Erasure{Why: chat.ErasedAsked}, start))(t)
		same(t, "erased twice is noted once", int64(len(must(db.Events(ctx, "v1-c2", 0, 100))(t))), again)
	})
}

func TestWhoIsOutdatedAndWhoCameBack(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, ctx := open(), t.Context()
		come := func(id string, day int, closed bool) {
			at := start.AddDate(0, 0, day)
			refused(t, "create", db.CreateVisitor(ctx, chat.Visitor{ID: id, Site: "demo", TokenHash: id, CreatedAt: at}), nil)
			begin, end := opened(id), event(chat.KindClosed, chat.RoleSystem, "", chat.Closed{})
			begin.At, end.At = at, at
			add(t, db, id, begin)
			if closed {
				add(t, db, id, end)
			}
		}
		come("old", 0, true)
		come("open", 0, false)
		come("new", 20, true)
		come("older", -1, true)
		come("back", -2, true)
		late := say("back", "again", "hello")
		late.At = start.AddDate(0, 0, 20)
		add(t, db, "back", late)
		same(t, "outdated", must(db.Outdated(ctx, start.AddDate(0, 0, 10), 10))(t), []string{"older", "old"})
		same(t, "one at a time", must(db.Outdated(ctx, start.AddDate(0, 0, 10), 1))(t), []string{"older"})
		must(db.EraseVisitor(ctx, "old", chat.Erasure{Why: chat.ErasedRetention}, start))(t)
		same(t, "nobody is back", len(must(db.Returned(ctx, 10))(t)), 0)
		refused(t, "a backup", db.CreateVisitor(ctx, chat.Visitor{ID: "old", Site: "demo", TokenHash: "old"}), nil)
		same(t, "somebody is back", must(db.Returned(ctx, 10))(t), []string{"old"})
		must(db.EraseVisitor(ctx, "old", chat.Erasure{Why: chat.ErasedRetention}, start))(t)
		add(t, db, "old", event(chat.KindReopened, chat.RoleSystem, "", chat.Reopened{Owner: chat.OwnerQueue}))
		same(t, "something of theirs is open", must(db.Returned(ctx, 10))(t), []string{"old"})
		must(db.EraseVisitor(ctx, "old", chat.Erasure{Why: chat.ErasedRetention}, start))(t)
		same(t, "and is closed", len(must(db.Returned(ctx, 10))(t)), 0)
	})
}

// A conversation that is being begun, on Postgres, by somebody who was not erased yet a moment ago, is erased with the rest.
func TestWhatIsBegunDuringAnErasureIsErased(t *testing.T) {
	url := storagetest.PostgresURL(t)
	db, node, ctx := storagetest.Open(t, url), storagetest.Open(t, url), t.Context()
	refused(t, "create", db.CreateVisitor(ctx, chat.Visitor{ID: "v1", Site: "demo", TokenHash: "v1"}), nil)
	add(t, db, "before", opened("v1"))
	judged, goOn := make(chan struct{}), make(chan struct{})
	node.EnqueueWith(func(context.Context, *sql.Tx, []chat.Job) error { // called before the commit, when all else is done
		close(judged)
		<-goOn
		return nil
	})
	begun, erased := make(chan error, 1), make(chan error, 1)
	go func() {
		_, err := node.Append(ctx, chat.Append{Conversation: "c1", Events: []chat.Event{opened("v1"), say("v1", "a", "qzx1marker")}, Jobs: []chat.Job{{Kind: "x"}}})
		begun <- err
	}()
	<-judged
	go func() {
		_, err := db.EraseVisitor(ctx, "v1", chat.Erasure{Why: chat.ErasedAsked}, start.Add(time.Hour))
		erased <- err
	}()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for locks := 0; locks == 0 && len(erased) == 0; <-tick.C { // until it waits, or is done
		if err := node.Pool().QueryRow(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&locks); err != nil {
			t.Error(err)
			break
		}
	}
	close(goOn)
	refused(t, "begin", <-begun, nil)
	refused(t, "erase", <-erased, nil)
	refused(t, "scrub", db.Scrub(ctx), nil)
	if found := remains(t, db, url); len(found) > 0 {
		t.Errorf("still there: %v", found)
	}
	if c := must(db.Conversation(ctx, "c1"))(t); c.Owner != chat.OwnerClosed {
		t.Errorf("it goes on: %+v", c)
	}
}

// Words that were on their way when their visitor was erased, from any node, are refused, whatever the conversation says of itself.
func TestNoWordsLandAfterAnErasure(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, node, ctx := open(), open(), t.Context()
		for _, v := range []string{"v1", "v2"} {
			refused(t, "create", db.CreateVisitor(ctx, chat.Visitor{ID: v, Site: "demo", TokenHash: v}), nil)
			add(t, db, v+"-c", opened(v), say(v, "a", "hello"))
		}
		must(node.Conversation(ctx, "v1-c"))(t)
		add(t, node, "v1-c", say("v1", "b", "this node knows the conversation"))
		must(db.EraseVisitor(ctx, "v1", chat.Erasure{Why: chat.ErasedAsked}, start.Add(time.Hour)))(t)
		add(t, db, "v2-c", event(chat.KindClosed, chat.RoleAgent, "ann", chat.Closed{By: "ann"}))
		reopened := event(chat.KindReopened, chat.RoleSystem, "", chat.Reopened{Owner: chat.OwnerBot, Reason: "visitor_wrote"})
		named := event(chat.KindVisitorIdentified, chat.RoleSystem, "", chat.Identified{Name: "Ada"})
		for what, events := range map[string][]chat.Event{
			"a word":         {say("v1", "c", "late")},
			"a reopening":    {reopened, say("v1", "d", "late")},
			"a rating":       {event(chat.KindSurvey, chat.RoleVisitor, "v1", chat.Survey{ID: "s", State: "answered", Rating: 1, Text: "bad"})},
			"a left message": {event(chat.KindLeftMessage, chat.RoleVisitor, "v1", chat.LeftMessage{Text: "call me"})},
			"an answer":      {event(chat.KindMessage, chat.RoleBot, "", chat.Message{Text: "Ada, your order"})},
			"a brief":        {event(chat.KindBrief, chat.RoleBot, "", map[string]string{"matter": "Ada's order"})},
			"a name":         {named},
		} {
			for _, at := range []*storage.DB{node, db} {
				_, err := at.Append(ctx, chat.Append{Conversation: "v1-c", Events: events})
				refused(t, what, err, chat.ErrClosed)
			}
		}
		for _, at := range []*storage.DB{node, db} { // "begin anew", on a connection that is still open
			_, err := at.Append(ctx, chat.Append{Conversation: "v1-anew", Events: []chat.Event{opened("v1"), say("v1", "f", "late")}})
			refused(t, "a new conversation", err, chat.ErrClosed)
		}
		add(t, node, "v2-c", reopened, say("v2", "e", "I am back"), named)
		add(t, node, "v2-anew", opened("v2"), say("v2", "f", "about something else"))
		refused(t, "verify", db.Verify(ctx, "v1-c"), nil)
	})
}

// Visitors write on while they are erased: of what they say, nothing is left.
func TestWordsThatRaceAnErasureAreErasedOrRefused(t *testing.T) {
	storagetest.EachURL(t, func(t *testing.T, url string) {
		db, ctx := storagetest.Open(t, url), t.Context()
		node := db
		if strings.HasPrefix(url, "postgres") { // a SQLite file has one node
			node = storagetest.Open(t, url)
		}
		refused(t, "create", db.CreateVisitor(ctx, chat.Visitor{ID: "v1", Site: "demo", TokenHash: "v1"}), nil)
		const conversations = 6
		for i := range conversations {
			add(t, db, id("c", i), opened("v1"))
		}
		var group sync.WaitGroup
		var stored, closed atomic.Int64
		for i := range conversations {
			group.Go(func() {
				for n := 0; closed.Load() < conversations && n < 100_000; n++ {
					words := []chat.Event{say("v1", fmt.Sprint("m", n), fmt.Sprintf("qzx%dmarker", n))}
					a := chat.Append{Conversation: id("c", i), Events: words, Expect: chat.Expect{Owners: []chat.Owner{chat.OwnerBot}}}
					_, err := node.Append(ctx, a)
					if errors.Is(err, chat.ErrStale) { // as the hub does where somebody writes into a closed conversation
						a.Events = append([]chat.Event{event(chat.KindReopened, chat.RoleSystem, "", chat.Reopened{Owner: chat.OwnerBot})}, words...)
						a.Expect = chat.Expect{Owners: []chat.Owner{chat.OwnerClosed}}
						_, err = node.Append(ctx, a)
					}
					switch {
					case err == nil:
						stored.Add(1)
					case errors.Is(err, chat.ErrClosed):
						closed.Add(1)
						return
					default:
						t.Errorf("say %d: %v", n, err)
						return
					}
				}
			})
		}
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for stored.Load() < 50 && !t.Failed() {
			<-tick.C
		}
		must(db.EraseVisitor(ctx, "v1", chat.Erasure{Why: chat.ErasedAsked}, start.Add(time.Hour)))(t)
		group.Wait()
		refused(t, "scrub", db.Scrub(ctx), nil)
		if found := remains(t, db, url); len(found) > 0 {
			t.Errorf("still there: %v", found)
		}
		for i := range conversations {
			refused(t, "verify", db.Verify(ctx, id("c", i)), nil)
		}
	})
}
