package bot

import (
	"context"
	"fmt"
	"time"
)

// Handed is one handoff under a policy, for the forecast of the staff that it needs.
type Handed struct {
	At       time.Time // of the turn that hands over
	Minutes  float64   // an agent's work: as recorded, else the mean of its reason, else of all; 0 if none is known
	Severity string    // low, medium, high or critical
	Level    int       // 1 to 4
	// Sure is unset where the conversation went on differently before its end: somebody may or may not be needed.
	Sure bool
}

// Handoffs tells when recorded conversations would have been handed over under a policy, in the order of the
// recording.
func Handoffs(ctx context.Context, r *Recording, p Policy) ([]Handed, error) {
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("find handoffs: %w", err)
	}
	pl := newPlan(p, r.script)
	var out []Handed
	for i := range r.spans {
		if i%4096 == 0 && ctx.Err() != nil {
			return nil, fmt.Errorf("find handoffs: %w", ctx.Err())
		}
		sp := &r.spans[i]
		e := r.run(pl, sp)
		handed := actions[e.action] == Handoff && e.rule >= 0
		switch {
		case e.same && sp.handedAt < 0:
			continue
		case e.same:
			e.turn, handed = sp.handedAt, true
			e.rule = r.turns[sp.from+e.turn].rule
		}
		if handed && e.rule < 0 {
			continue // a rule that this program does not know any more
		}
		h := Handed{At: time.UnixMicro(r.turns[sp.from+e.turn].at).UTC(), Severity: severities[0], Level: 1, Sure: handed, Minutes: r.work(sp, "")}
		if handed {
			reason := rules[e.rule].reason
			h.Severity, h.Level = pl.grade(&r.turns[sp.from+e.turn].features, reason)
			h.Minutes = r.work(sp, reason)
		}
		out = append(out, h)
	}
	return out, nil
}
