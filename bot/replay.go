package bot

import (
	"context"
	"fmt"
	"runtime"
	"sync"
)

// ReplayOptions say what staff a replay reckons with.
type ReplayOptions struct {
	// Agents on duty and Hours of duty that the recording covers give the waiting time; 0 leaves it out.
	Agents int
	Hours  float64
	// Changes is how many changed conversations are listed; 0 means 100.
	Changes int
}

// Tally counts conversations under one policy. What another answer would have led to is not known: such
// conversations are counted in Unknown and in nothing else.
type Tally struct {
	Same         int `json:"same"`           // every turn is decided alike
	Earlier      int `json:"earlier"`        // handed over at an earlier turn
	New          int `json:"new"`            // handed over, and was not
	LaterOrNever int `json:"later_or_never"` // not handed over at the turn it was; what came after is not known
	Unknown      int `json:"unknown"`        // something else differs, and what came after is not known
	HandedOver   int `json:"handed_over"`    // surely handed over
	Elsewhere    int `json:"elsewhere"`      // of those that are the same: to another severity, level or skill
	// Missed counts conversations where a person would have been wanted earlier and this policy is no
	// earlier; Needless those handed over that were not needed or had ended well without.
	Missed   int `json:"missed"`
	Needless int `json:"needless"`
	// AgentMinutes is the work of the handoffs that are sure: as recorded, or the mean for the reason.
	AgentMinutes float64 `json:"agent_minutes"`
}

func (t *Tally) add(o Tally, sign int) {
	t.Same += sign * o.Same
	t.Earlier += sign * o.Earlier
	t.New += sign * o.New
	t.LaterOrNever += sign * o.LaterOrNever
	t.Unknown += sign * o.Unknown
	t.HandedOver += sign * o.HandedOver
	t.Elsewhere += sign * o.Elsewhere
	t.Missed += sign * o.Missed
	t.Needless += sign * o.Needless
	t.AgentMinutes += float64(sign) * o.AgentMinutes
}

// ReplayResult compares a policy with what was decided at the time.
type ReplayResult struct {
	Conversations int            `json:"conversations"`
	Turns         int            `json:"turns"`
	Recorded      Tally          `json:"recorded"` // as it was
	Replayed      Tally          `json:"replayed"`
	RecordedRate  float64        `json:"recorded_rate"` // handed over, of all
	RateLow       float64        `json:"rate_low"`      // if none of the unknown is handed over
	RateHigh      float64        `json:"rate_high"`     // if all of them are
	Reasons       map[string]int `json:"reasons"`       // of the handoffs that are sure
	Changes       []Divergence   `json:"changes,omitempty"`
	// Wait is the mean waiting time in minutes; nil without staff, or where no minutes were recorded.
	Wait *Wait `json:"wait,omitempty"`
}

// Divergence is the first turn of a conversation that is decided differently.
type Divergence struct {
	Conversation string `json:"conversation"`
	Turn         int    `json:"turn"` // from 1
	Kind         string `json:"kind"` // earlier, new, later_or_never, other_reason, elsewhere or unknown
	Was          string `json:"was"`  // action, and reason of a handoff
	Now          string `json:"now"`
	Rule         string `json:"rule,omitempty"` // that fired now
	// WasTo and NowTo tell of the kind elsewhere where the handoff went and would go; nil otherwise.
	WasTo *Destination `json:"was_to,omitempty"`
	NowTo *Destination `json:"now_to,omitempty"`
}

// Replay decides recorded conversations again under another policy.
func Replay(ctx context.Context, r *Recording, p Policy, o ReplayOptions) (ReplayResult, error) {
	if err := p.Validate(); err != nil {
		return ReplayResult{}, fmt.Errorf("replay: %w", err)
	}
	pl, most := newPlan(p, r.script), or(o.Changes, 100)
	var elsewhere []Divergence
	res := ReplayResult{Conversations: len(r.spans), Turns: len(r.turns), Reasons: map[string]int{}}
	for i := range r.spans {
		if i%4096 == 0 && ctx.Err() != nil {
			return ReplayResult{}, fmt.Errorf("replay: %w", ctx.Err())
		}
		sp := &r.spans[i]
		e := r.run(pl, sp)
		moved := r.elsewhere(pl, sp, e)
		res.Replayed.add(r.tally(sp, e, moved), 1)
		res.Recorded.add(r.recorded(sp), 1)
		if actions[e.action] == Handoff && e.rule >= 0 {
			res.Reasons[rules[e.rule].reason]++
		}
		switch {
		case !e.same && len(res.Changes) < most:
			res.Changes = append(res.Changes, r.change(i, e))
		case moved && len(elsewhere) < most:
			elsewhere = append(elsewhere, r.moved(pl, i, e))
		}
	}
	// What is decided otherwise comes first; what only goes elsewhere has the room that is left.
	res.Changes = append(res.Changes, elsewhere[:min(len(elsewhere), most-len(res.Changes))]...)
	if n := float64(len(r.spans)); n > 0 {
		open := float64(res.Replayed.LaterOrNever + res.Replayed.Unknown)
		res.RecordedRate = float64(res.Recorded.HandedOver) / n
		res.RateLow = float64(res.Replayed.HandedOver) / n
		res.RateHigh = (float64(res.Replayed.HandedOver) + open) / n
	}
	res.Wait = waiting(&res, r.minutes[""], o)
	return res, nil
}

// tally counts one conversation under another policy; elsewhere is as Recording.elsewhere tells.
func (r *Recording) tally(sp *span, e ending, elsewhere bool) Tally {
	handed := actions[e.action] == Handoff && e.rule >= 0
	was := sp.handedAt >= 0
	var t Tally
	switch {
	case e.same:
		t = r.recorded(sp)
		t.Same, t.Elsewhere = 1, b2i(elsewhere)
		return t
	case handed && was && e.turn < sp.handedAt:
		t.Earlier, t.HandedOver = 1, 1
	case handed && was: // at the same turn for another reason
		t.Same, t.HandedOver, t.Missed = 1, 1, b2i(sp.missed)
	case handed:
		t.New, t.HandedOver = 1, 1
	case was && e.turn == sp.handedAt:
		t.LaterOrNever = 1
	default:
		t.Unknown = 1
	}
	if handed {
		t.Needless = b2i(sp.needless || sp.well)
		t.AgentMinutes = r.work(sp, rules[e.rule].reason)
	}
	return t
}

// work is the minutes that a handoff takes: as recorded, else the mean of its reason, else of all.
func (r *Recording) work(sp *span, reason string) float64 {
	if sp.handedAt >= 0 && sp.minutes > 0 {
		return float64(sp.minutes)
	}
	return or(r.minutes[reason], r.minutes[""])
}

func (r *Recording) recorded(sp *span) Tally {
	t := Tally{Missed: b2i(sp.missed), Needless: b2i(sp.needless)}
	if sp.handedAt >= 0 {
		t.HandedOver, t.AgentMinutes = 1, float64(sp.minutes)
	}
	return t
}

func (r *Recording) change(i int, e ending) Divergence {
	sp := &r.spans[i]
	t := &r.turns[sp.from+e.turn]
	c := Divergence{Conversation: r.ids[i], Turn: int(e.turn) + 1, Was: told(actions[t.action], t.rule), Now: told(actions[e.action], e.rule)}
	if e.rule >= 0 {
		c.Rule = rules[e.rule].name
	}
	switch ta := r.tally(sp, e, false); {
	case ta.Earlier > 0:
		c.Kind = "earlier"
	case ta.New > 0:
		c.Kind = "new"
	case ta.LaterOrNever > 0:
		c.Kind = "later_or_never"
	case ta.Same > 0:
		c.Kind = "other_reason"
	default:
		c.Kind = "unknown"
	}
	return c
}

// moved tells of a handoff that is the same and goes elsewhere.
func (r *Recording) moved(pl *plan, i int, e ending) Divergence {
	sp := &r.spans[i]
	c := r.change(i, e)
	now := r.sentTo(pl, sp, &r.turns[sp.from+e.turn].features)
	c.Kind, c.WasTo, c.NowTo = "elsewhere", &r.handed[sp.handed].to, &now
	return c
}

func told(a Action, rule int16) string {
	if a == Handoff && rule >= 0 {
		return string(a) + " " + rules[rule].reason
	}
	return string(a)
}

// parallel splits n pieces of work among the processors and waits for all of them.
func parallel(n int, work func(from, to int)) {
	workers := min(runtime.GOMAXPROCS(0), max(n/256, 1))
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() { work(n*w/workers, n*(w+1)/workers) })
	}
	wg.Wait()
}
