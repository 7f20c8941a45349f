package hub_test

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ombud/chat"
	"ombud/chat/hub"
	"ombud/handoff"
)

// crew is who is on duty, changeable while a hub runs.
type crew struct {
	mu   sync.Mutex
	here []hub.Duty
}

func (c *crew) set(here ...hub.Duty) { c.mu.Lock(); defer c.mu.Unlock(); c.here = here }
func (c *crew) onDuty() []hub.Duty   { c.mu.Lock(); defer c.mu.Unlock(); return c.here }

func duty(u chat.User) hub.Duty {
	return hub.Duty{Agent: u.ID, Name: u.Name, Level: u.Level, Skills: u.Skills, Languages: u.Languages, Products: u.Products, Capacity: u.Capacity, Ready: true}
}

var (
	clara = chat.User{ID: "u3", Name: "Clara", Grade: chat.GradeAgent, Level: 2}
	boss  = chat.User{ID: "u9", Name: "Bo", Grade: chat.GradeSupervisor, Level: 4}
)

// quick are rules with short clocks: a minute to answer, ten to settle, warned of at half.
func quick(mode handoff.Mode) handoff.Rules {
	r := handoff.DefaultRules()
	r.Skills = map[string]handoff.SkillRules{"": {Mode: mode}}
	r.WarnShare = 0.5
	for i := range r.Levels {
		r.Levels[i].Answer = map[chat.Severity]handoff.Span{"": handoff.Span(time.Minute)}
		r.Levels[i].Settle = map[chat.Severity]handoff.Span{"": handoff.Span(10 * time.Minute)}
	}
	return r
}

// desk is a node with a crew and short clocks.
type desk struct {
	node
	m    *memory
	w    *wires
	crew *crew
}

func openDesk(t *testing.T, r handoff.Rules, here ...chat.User) desk {
	d := desk{m: newMemory(), w: &wires{}, crew: &crew{}}
	for _, u := range here {
		d.crew.here = append(d.crew.here, duty(u))
	}
	d.node = start(t, d.m, d.w, func(o *hub.Options) {
		o.OnDuty, o.Rules = d.crew.onDuty, func() handoff.Rules { return r }
	})
	return d
}

// ask begins a conversation of a visitor who asks for a person at once.
func (d desk) ask(t *testing.T, visitor string) chat.Conversation {
	t.Helper()
	c, err := d.Open(t.Context(), shop, chat.Visitor{ID: visitor, Site: "shop"}, "en", "/")
	if err != nil {
		t.Fatal(err)
	}
	say(t, d.node, chat.Identity{Role: chat.RoleVisitor, ID: visitor}, c, "1", "human")
	time.Sleep(time.Second)
	synctest.Wait()
	return d.row(t, c)
}

func (d desk) row(t *testing.T, c chat.Conversation) chat.Conversation {
	t.Helper()
	row, err := d.m.Conversation(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	return row
}

// log gives what happened to the handoff: kinds, with the state or the reason that tells them apart.
func (d desk) log(c chat.Conversation) string {
	d.m.mu.Lock()
	defer d.m.mu.Unlock()
	var out []string
	for _, e := range d.m.events[c.ID] {
		var b struct{ State, Why, Reason string }
		_ = json.Unmarshal(e.Body, &b) // what is no object has none of them
		switch e.Kind {
		case chat.KindClock:
			out = append(out, strings.TrimSuffix(b.State+":"+b.Why, ":"))
		case chat.KindHandoffEscalated, chat.KindHandoffReleased:
			out = append(out, strings.TrimPrefix(string(e.Kind), "handoff_")+":"+b.Reason)
		case chat.KindHandoffClaimed, chat.KindHandoffTransferred, chat.KindHandoffOffered, chat.KindReturnedToBot:
			out = append(out, strings.TrimPrefix(string(e.Kind), "handoff_"))
		}
	}
	return strings.Join(out, " ")
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// forbids requires a refusal that says why.
func forbids(t *testing.T, err error, field string) {
	t.Helper()
	var hint *chat.InvalidError
	if !errors.Is(err, chat.ErrForbidden) || !errors.As(err, &hint) || hint.Field != field || hint.Hint == "" {
		t.Errorf("got %v, want a refusal for the %s", err, field)
	}
}
